#!/usr/bin/env bash
# Writes a random checkpoint of a config, the same for the same seed, in constant memory.
# usage: eng/random-checkpoint.sh CONFIG.json OUTPUT [--seed N] [--dtype bf16|f16|f32] [--shards N] [--reference FILE]
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
exec dotnet run -c Release --project "$root/tests/Onnx.Llama.Benchmarks" -- checkpoint "$@"
