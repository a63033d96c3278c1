"""sarama, driven as TiCDC drives it: probe, admin client, topic creation, producers."""

import json
import pathlib
import subprocess

from case import SiteTest
from site_inside import REPLICAS

MESSAGES = 200


class SaramaTest(SiteTest):
    def check(self, sarama_version: str):
        program = pathlib.Path(self.cache) / "sarama" / sarama_version / "ticdc_like"
        if not program.exists():
            self.skipTest(f"sarama {sarama_version} is not in {self.cache}; ./test.sh builds it")
        # As in the document's console field: the brokers' own ports serve as bootstrap ports.
        bootstrap = ",".join(f"{REPLICAS[0]}:{port}" for port in (9092, 9093, 9094))
        topic = self.unique("ticdc")
        result = subprocess.run([str(program), bootstrap, topic, str(MESSAGES)],
                                capture_output=True, text=True, check=False, timeout=90)
        self.assertEqual(0, result.returncode, result.stdout + result.stderr)
        report = json.loads(result.stdout)
        self.assertEqual("2.8.0", report["kafka_version"])
        self.assertEqual({str(broker_id): self.outside(broker_id) for broker_id in (1, 2, 3)},
                         report["brokers"])
        self.assertEqual(MESSAGES + report["partitions"], report["acknowledged"])
        self.assertEqual(report["acknowledged"], sum(report["next_offsets"].values()))

    def test_version_of_ticdc_8_1(self):
        self.check("1.41.2")

    def test_version_like_the_newest_ticdc(self):
        self.check("1.46.3")
