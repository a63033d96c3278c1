// Stands here because Go asks for it; sarama-VERSION.mod says what is built.
module ticdc_like

go 1.24.0
