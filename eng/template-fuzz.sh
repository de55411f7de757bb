#!/usr/bin/env bash
# Damages chat templates for a longer time than the tests do: eng/template-fuzz.sh [SECONDS] [SEED]
set -euo pipefail
cd "$(dirname "$0")/.."
export ONNX_LLAMA_FUZZ_SECONDS=${1:-600} ONNX_LLAMA_FUZZ_SEED=${2:-$RANDOM}
echo "$ONNX_LLAMA_FUZZ_SECONDS s, seed $ONNX_LLAMA_FUZZ_SEED"
dotnet run -c Release --project tests/Onnx.Llama.Text.Tests -- -noColor -class Onnx.Llama.Text.Tests.Templates.TemplateFuzzTests
