#!/usr/bin/env bash
# Publishes the tool with NativeAOT for this machine and runs it beside the ordinary build: both must name the same instruction set, give the same logits to the
# last bit, and write the same text. Needs a C compiler as linker, clang or gcc, and zlib's development files.
# usage: eng/native-aot.sh [INSTRUCTIONS]   what IlcInstructionSet is set to; by default native, all that this processor has. With less, it must fail, unless
#        ONNX_LLAMA_INSTRUCTIONS holds the ordinary build to the same: ONNX_LLAMA_INSTRUCTIONS=avx2 eng/native-aot.sh x86-64-v3
set -euo pipefail
cd "$(dirname "$0")/.."
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 DOTNET_CLI_UI_LANGUAGE=en
instructions=${1:-native}

fail() { echo "error: $*" >&2; exit 1; }

linker=$(command -v clang || command -v gcc) || fail "there is neither clang nor gcc to link with; install one (Debian: apt install clang zlib1g-dev)."
echo '#include <zlib.h>' | "$linker" -E - > /dev/null 2>&1 \
  || fail "$linker does not find zlib.h; install zlib's development files (Debian: apt install zlib1g-dev)."

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
artifacts="$PWD/artifacts/native-aot"
dotnet build src/Onnx.Llama.Cli -c Release -v quiet
dotnet build tests/Onnx.Llama.Benchmarks -c Release -v quiet
dotnet publish src/Onnx.Llama.Cli -c Release --use-current-runtime -v quiet \
  -p:NativeAot=true -p:IlcInstructionSet="$instructions" -p:CppCompilerAndLinker="$(basename "$linker")" -p:ArtifactsPath="$artifacts" -o "$work/native"
[ ! -e "$work/native/onnx-llama.dll" ] || fail "$work/native holds onnx-llama.dll; expected a native program alone."

jit() { ONNX_LLAMA_CACHE="$work/cache-jit" dotnet artifacts/bin/Onnx.Llama.Cli/release/onnx-llama.dll "$@"; }
aot() { ONNX_LLAMA_CACHE="$work/cache-aot" "$work/native/onnx-llama" "$@"; }
same() { # NAME, then the arguments of both
  local name=$1; shift
  jit "$@" > "$work/jit" || fail "the ordinary build cannot $name."
  aot "$@" > "$work/aot" || fail "the native program cannot $name."
  diff "$work/jit" "$work/aot" || fail "$name: the native program's answer is another."
  echo "same: $name"
}

# A model with every kind of row: the head is no multiple of a vector, the hidden size has a tail.
cat > "$work/config.json" <<'JSON'
{"architectures": ["LlamaForCausalLM"], "model_type": "llama", "vocab_size": 331, "hidden_size": 192, "intermediate_size": 416, "num_hidden_layers": 3,
 "num_attention_heads": 6, "num_key_value_heads": 2, "head_dim": 32, "max_position_embeddings": 512, "rms_norm_eps": 1e-05, "rope_theta": 10000.0,
 "hidden_act": "silu", "tie_word_embeddings": false, "attention_bias": false, "mlp_bias": false, "torch_dtype": "bfloat16"}
JSON
dotnet artifacts/bin/Onnx.Llama.Benchmarks/release/Onnx.Llama.Benchmarks.dll \
  checkpoint "$work/config.json" "$work/source" --reference "$work/reference.safetensors" > /dev/null
for precision in fp32 int4 int8; do
  jit convert "$work/source" "$work/jit-$precision" --precision "$precision" > /dev/null
  aot convert "$work/source" "$work/aot-$precision" --precision "$precision" > /dev/null
  diff -r "$work/jit-$precision" "$work/aot-$precision" || fail "convert --precision $precision: the native program writes other bytes."
  echo "same: convert --precision $precision"
  for kernels in auto stock; do
    same "verify $precision --kernels $kernels" \
      verify "$work/jit-$precision" --reference "$work/reference.safetensors" --tolerance 10 --threads 1 --kernels "$kernels" --json
  done
done

# Packed by one, opened by the other: the same key, and so the same instruction set.
for tool in jit aot; do
  $tool bench "$work/jit-int4" --prompt 16 --generate 4 --repeat 1 --threads 1 --json > "$work/bench-$tool"
  sed -n '/"kernels": {/,/^  }/p' "$work/bench-$tool" > "$work/kernels-$tool"
  [ -s "$work/kernels-$tool" ] || fail "bench --json of the $tool build names no kernels."
done
diff "$work/kernels-jit" "$work/kernels-aot" \
  || fail "bench: other kernels run in the native program. Is IlcInstructionSet=$instructions less than this processor has?"
diff <(ls "$work/cache-jit/kernels") <(ls "$work/cache-aot/kernels") || fail "the native program packs under other keys."
for entry in "$work"/cache-jit/kernels/*; do
  cmp "$entry/weights.bin" "$work/cache-aot/kernels/$(basename "$entry")/weights.bin" || fail "the native program packs other bytes."
done
echo "same: kernels, $(sed -n 's/.*"form": "\(.*\)",/\1/p' "$work/kernels-aot"), and packed weights"
same "inspect" inspect "$work/jit-int4" --json
jit run models/tales "Tell me a story about an owl." --max-tokens 48 > "$work/jit" 2> /dev/null
aot run models/tales "Tell me a story about an owl." --max-tokens 48 > "$work/aot" 2> /dev/null
diff "$work/jit" "$work/aot" || fail "run: the native program answers another text."
echo "same: run, $(wc -w < "$work/aot") words"
aot cache verify
echo "Native program, $(du -h "$work/native/onnx-llama" | cut -f1), IlcInstructionSet=$instructions: the same as the ordinary build in all of it."
