#!/usr/bin/env bash
# The 1B shape: conversion beside sha256sum of its source, then the host beside a bare ONNX Runtime loop and OnnxRuntimeGenAI on the converted folder.
# usage: eng/benchmarks/run-1b.sh FOLDER [options of "engines": --prompt, --generate, --rounds, --threads]    (needs 4 GB in FOLDER)
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
work=$1
shift
dotnet build -c Release -v q --nologo "$root/tests/Onnx.Llama.Benchmarks"
tool="$root/artifacts/bin/Onnx.Llama.Benchmarks/release/onnx-llama.dll"
bench="$root/artifacts/bin/Onnx.Llama.Benchmarks/release/Onnx.Llama.Benchmarks"
[ -d "$work/1b" ] || "$bench" checkpoint "$root/eng/benchmarks/llama-1b.json" "$work/1b" --seed 1
for _ in 1 2 3; do
  dotnet "$tool" convert "$work/1b" "$work/1b-int4" --force
  time sha256sum "$work/1b/model.safetensors"
done
"$bench" engines "$work/1b-int4" "$@"
