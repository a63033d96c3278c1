// Drives sarama as TiCDC's Kafka sink does: the same configuration, the same requests in the same
// order. Usage: ticdc_like BOOTSTRAP,... TOPIC MESSAGES. Prints a report as JSON.
package main

import (
	"encoding/json"
	"fmt"
	"math/rand"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/IBM/sarama"
)

const (
	partitions        = 3
	replicationFactor = 3
	topicTries        = 6
	overheadBytes     = 128 // what TiCDC keeps free below message.max.bytes
)

type report struct {
	KafkaVersion string            `json:"kafka_version"`
	Brokers      map[string]string `json:"brokers"`
	Partitions   int               `json:"partitions"`
	Acknowledged int               `json:"acknowledged"`
	NextOffsets  map[string]int64  `json:"next_offsets"`
}

func check(err error, what string) {
	if err != nil {
		fmt.Fprintf(os.Stderr, "%s: %v\n", what, err)
		os.Exit(1)
	}
}

func newConfig(version sarama.KafkaVersion) *sarama.Config {
	config := sarama.NewConfig()
	config.ClientID = "TiCDC_producer_127.0.0.1_8300_default_integration"
	config.Version = version
	config.Metadata.Retry.Max = 10
	config.Metadata.Retry.Backoff = 200 * time.Millisecond
	config.Metadata.Timeout = 2 * time.Minute
	config.Admin.Retry.Max = 10
	config.Admin.Retry.Backoff = 200 * time.Millisecond
	config.Admin.Timeout = 10 * time.Second
	config.Net.MaxOpenRequests = 1
	config.Net.DialTimeout = 10 * time.Second
	config.Net.ReadTimeout = 10 * time.Second
	config.Net.WriteTimeout = 10 * time.Second
	config.Producer.Partitioner = sarama.NewManualPartitioner
	config.Producer.RequiredAcks = sarama.WaitForAll
	config.Producer.Retry.Max = 0
	config.Producer.Return.Successes = true
	config.Producer.Return.Errors = true
	config.Producer.MaxMessageBytes = 10 << 20
	return config
}

// TiCDC reads the fourth entry of the answer, whatever its api key is.
func probeVersion(addresses []string) sarama.KafkaVersion {
	broker := sarama.NewBroker(addresses[rand.Intn(len(addresses))])
	check(broker.Open(newConfig(sarama.V2_0_0_0)), "probe: open")
	defer broker.Close()
	response, err := broker.ApiVersions(&sarama.ApiVersionsRequest{})
	check(err, "probe: ApiVersions")
	switch fourth := response.ApiKeys[3].MaxVersion; {
	case fourth >= 10:
		return sarama.V2_8_0_0
	case fourth == 9:
		return sarama.V2_4_0_0
	default:
		return sarama.V2_0_0_0
	}
}

// As TiCDC: each broker's configuration is asked of that broker, so a wrong port shows at once.
func brokerSetting(admin sarama.ClusterAdmin, id int32, name string) string {
	entries, err := admin.DescribeConfig(sarama.ConfigResource{
		Type: sarama.BrokerResource, Name: strconv.Itoa(int(id)), ConfigNames: []string{name}})
	check(err, fmt.Sprintf("DescribeConfigs of broker %d", id))
	for _, entry := range entries {
		if entry.Name == name {
			return entry.Value
		}
	}
	check(fmt.Errorf("%s is missing", name), "DescribeConfigs")
	return ""
}

func createTopic(addresses []string, version sarama.KafkaVersion, topic string, out *report) int {
	client, err := sarama.NewClient(addresses, newConfig(version))
	check(err, "admin client")
	admin, err := sarama.NewClusterAdminFromClient(client)
	check(err, "cluster admin")
	defer admin.Close()
	brokers, controller, err := admin.DescribeCluster()
	check(err, "DescribeCluster")
	for _, broker := range brokers {
		out.Brokers[strconv.Itoa(int(broker.ID()))] = broker.Addr()
		brokerSetting(admin, broker.ID(), "min.insync.replicas")
	}
	maxBytes, err := strconv.Atoi(brokerSetting(admin, controller, "message.max.bytes"))
	check(err, "message.max.bytes")
	check(admin.CreateTopic(topic, &sarama.TopicDetail{
		NumPartitions: partitions, ReplicationFactor: replicationFactor}, false), "CreateTopics")
	for try := 0; ; try++ {
		described, err := admin.DescribeTopics([]string{topic})
		check(err, "DescribeTopics")
		if described[0].Err == sarama.ErrNoError && len(described[0].Partitions) == partitions {
			return maxBytes
		}
		if try == topicTries {
			check(described[0].Err, "the new topic does not appear")
		}
		time.Sleep(200 * time.Millisecond)
	}
}

// Row changes: asynchronous, to a partition chosen by the sender.
func sendRows(addresses []string, config *sarama.Config, topic string, messages int) int {
	producer, err := sarama.NewAsyncProducer(addresses, config)
	check(err, "asynchronous producer")
	defer producer.Close()
	go func() {
		for number := 0; number < messages; number++ {
			producer.Input() <- &sarama.ProducerMessage{Topic: topic,
				Partition: int32(number % partitions),
				Value:     sarama.StringEncoder(fmt.Sprintf("row %d", number))}
		}
	}()
	for acknowledged := 0; acknowledged < messages; acknowledged++ {
		select {
		case <-producer.Successes():
		case failure := <-producer.Errors():
			check(failure.Err, "produce")
		}
	}
	return messages
}

// Schema changes: synchronous, to every partition.
func sendSchemaChange(addresses []string, config *sarama.Config, topic string) int {
	producer, err := sarama.NewSyncProducer(addresses, config)
	check(err, "synchronous producer")
	defer producer.Close()
	var messages []*sarama.ProducerMessage
	for partition := int32(0); partition < partitions; partition++ {
		messages = append(messages, &sarama.ProducerMessage{Topic: topic, Partition: partition,
			Value: sarama.StringEncoder("CREATE TABLE")})
	}
	check(producer.SendMessages(messages), "schema change")
	return len(messages)
}

// What TiCDC v8.5.4 to v8.5.6 do to keep connections open.
func keepAlive(client sarama.Client) {
	for _, broker := range client.Brokers() {
		_ = broker.Open(client.Config())
		_, err := broker.ApiVersions(&sarama.ApiVersionsRequest{})
		check(err, "keep-alive of "+broker.Addr())
	}
}

func main() {
	if len(os.Args) != 4 {
		fmt.Fprintln(os.Stderr, "usage: ticdc_like BOOTSTRAP,... TOPIC MESSAGES")
		os.Exit(2)
	}
	addresses, topic := strings.Split(os.Args[1], ","), os.Args[2]
	messages, err := strconv.Atoi(os.Args[3])
	check(err, "MESSAGES")
	out := report{Brokers: map[string]string{}, Partitions: partitions,
		NextOffsets: map[string]int64{}}

	version := probeVersion(addresses)
	out.KafkaVersion = version.String()
	config := newConfig(version)
	config.Producer.MaxMessageBytes = createTopic(addresses, version, topic, &out) - overheadBytes
	out.Acknowledged = sendRows(addresses, config, topic, messages)
	out.Acknowledged += sendSchemaChange(addresses, config, topic)

	client, err := sarama.NewClient(addresses, config)
	check(err, "client")
	defer client.Close()
	keepAlive(client)
	for partition := int32(0); partition < partitions; partition++ {
		offset, err := client.GetOffset(topic, partition, sarama.OffsetNewest)
		check(err, "offset")
		out.NextOffsets[strconv.Itoa(int(partition))] = offset
	}
	check(json.NewEncoder(os.Stdout).Encode(out), "report")
}
