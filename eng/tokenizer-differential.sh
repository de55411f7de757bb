#!/usr/bin/env bash
# Compares our tokenizers with the Rust library's on many random texts: eng/tokenizer-differential.sh [COMPARISONS] [SEED]
set -euo pipefail
cd "$(dirname "$0")/.."
export ONNX_LLAMA_DIFFERENTIAL_COMPARISONS=${1:-1000000} ONNX_LLAMA_DIFFERENTIAL_SEED=${2:-$RANDOM}
echo "$ONNX_LLAMA_DIFFERENTIAL_COMPARISONS texts, seed $ONNX_LLAMA_DIFFERENTIAL_SEED"
dotnet run -c Release --project tests/Onnx.Llama.Tokenization.Differential.Tests -- -noColor
