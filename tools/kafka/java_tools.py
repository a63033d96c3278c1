"""Where the classes of Kafka's command-line tools are, by release."""

_SINCE_3 = {"producer": "kafka.tools.ConsoleProducer",
            "consumer": "kafka.tools.ConsoleConsumer",
            "api-versions": "kafka.admin.BrokerApiVersionsCommand",
            "groups": "kafka.admin.ConsumerGroupCommand"}
_SINCE_4 = {"producer": "org.apache.kafka.tools.ConsoleProducer",
            "consumer": "org.apache.kafka.tools.consumer.ConsoleConsumer",
            "api-versions": "org.apache.kafka.tools.BrokerApiVersionsCommand",
            "groups": "org.apache.kafka.tools.consumer.group.ConsumerGroupCommand"}
_SAME = {"configs": "kafka.admin.ConfigCommand",
         "topics": "org.apache.kafka.tools.TopicCommand",
         "producer-perf": "org.apache.kafka.tools.ProducerPerformance",
         "consumer-perf": "org.apache.kafka.tools.ConsumerPerformance",
         "quorum": "org.apache.kafka.tools.MetadataQuorumCommand",
         "share-consumer": "org.apache.kafka.tools.consumer.ConsoleShareConsumer"}


def java_class(tool: str, release: tuple) -> str:
    """`release` as numbers: (4, 3, 0)."""
    return {**_SAME, **(_SINCE_3 if release < (4, 0) else _SINCE_4)}[tool]
