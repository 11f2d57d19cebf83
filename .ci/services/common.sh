# shellcheck shell=bash
# What start and stop share: places, ports, and how to speak. Sourced, never run.
SERVICES_HOME=${SERVICES_HOME:-/var/lib/portal-services}
export PG_PORT=${PG_PORT:-55432} REDIS_PORT=${REDIS_PORT:-56379} ES_PORT=${ES_PORT:-59200}
# shellcheck disable=SC2034  # read by start
ES_VERSION=${ES_VERSION:-8.19.8} ES_HEAP=${ES_HEAP:-768m}

say() { echo "services: $*" >&2; }

fail() { # message, log file (optional)
  say "$1"
  [ $# -lt 2 ] || tail -n 20 "$2" >&2 || true
  exit 1
}

postgres_bin() { find /usr/lib/postgresql -mindepth 2 -maxdepth 2 -name bin | sort -V | tail -n 1; }

docker_answers() { docker compose version >/dev/null 2>&1 && docker info >/dev/null 2>&1; }

# The same services as in production, with their ports published on loopback and throw-away secrets.
compose() {
  local root
  root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
  SECRET_KEY=portal POSTGRES_PASSWORD=portal REDIS_PASSWORD=portal ELASTIC_PASSWORD=portal \
    PUBLIC_URL=http://localhost ALLOWED_HOSTS=localhost DEFAULT_FROM_EMAIL=portal@localhost \
    OPERATOR_TOKEN=portal \
    docker compose --project-name portal-tests --file "$root/docker-compose.yml" \
    --file "$root/.ci/services/docker-compose.ports.yml" "$@"
}
