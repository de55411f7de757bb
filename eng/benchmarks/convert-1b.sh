#!/usr/bin/env bash
# The 1B shape: conversion beside sha256sum of its source, three times.
# usage: eng/benchmarks/convert-1b.sh FOLDER [options of "convert"]    (needs 4 GB in FOLDER)
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
work=$1
shift
dotnet build -c Release -v q --nologo "$root/tests/Onnx.Llama.Benchmarks"
bin="$root/artifacts/bin/Onnx.Llama.Benchmarks/release"
[ -d "$work/llama1b" ] || "$bin/Onnx.Llama.Benchmarks" checkpoint "$root/eng/benchmarks/llama-1b.json" "$work/llama1b" --seed 1
for _ in 1 2 3; do
  dotnet "$bin/onnx-llama.dll" convert "$work/llama1b" "$work/llama1b-converted" --force "$@"
  time sha256sum "$work/llama1b/model.safetensors"
done
