#!/usr/bin/env bash
# Builds the tool with the CUDA package of ONNX Runtime (a download of several hundred MB, so not part of CI), into a folder of its own, and runs the demo model:
# on a machine without a GPU it must answer on the CPU all the same, and say why.
set -euo pipefail
cd "$(dirname "$0")/.."
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 DOTNET_CLI_UI_LANGUAGE=en

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
artifacts="$PWD/artifacts/gpu"

dotnet build src/Onnx.Llama.Cli -c Release -v quiet -p:OnnxRuntimePackage=gpu -p:ArtifactsPath="$artifacts"
tool="$artifacts/bin/Onnx.Llama.Cli/release"
cuda=$(find "$tool" -name '*onnxruntime_providers_cuda*' -print -quit)
[ -n "$cuda" ] || { echo "No CUDA provider in $tool; expected that of Microsoft.ML.OnnxRuntime.Gpu."; exit 1; }

ONNX_LLAMA_CACHE="$work/cache" dotnet "$tool/onnx-llama.dll" run models/tales "Tell me a story about an owl." --max-tokens 32 --stats \
  > "$work/answer" 2> "$work/stats" || { cat "$work/stats"; exit 1; }
echo "--- answer"; cat "$work/answer"; echo
echo "--- stats"; cat "$work/stats"

[ -s "$work/answer" ] || { echo "No answer on standard output."; exit 1; }
for line in '^Cuda: not taken: ' '^Cpu: taken: '; do
  grep -q "$line" "$work/stats" || { echo "No line '$line'; expected it on a machine without a GPU."; exit 1; }
done
echo "Built with CUDA, answered on the CPU."
