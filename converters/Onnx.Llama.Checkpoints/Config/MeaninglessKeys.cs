using System.Collections.Frozen;

namespace Onnx.Llama.Checkpoints;

/// <summary>Keys of config.json that say nothing about what a model computes, each with its reason; they are not reported when nobody reads them.</summary>
public static class MeaninglessKeys
{
    private static readonly FrozenSet<string> s_keys = FrozenSet.ToFrozenSet(
    [
        // Provenance.
        "_name_or_path", "transformers_version", "_from_model_config", "unsloth_version", "unsloth_fixed", "internal_version",

        // Written beside the setting that transformers reads, and not read by it.
        "rotary_dim", "sliding_window_size", "initial_context_length",

        // Python classes: model_type says which architecture it is.
        "architectures", "auto_map", "tokenizer_class",

        // Training: initial values, dropout (which inference switches off), auxiliary losses, memory for gradients.
        "initializer_range", "initializer_factor", "init_std", "attention_dropout", "attention_probs_dropout_prob", "attention_dropout_prob",
        "attn_pdrop", "embd_pdrop", "emb_pdrop", "resid_pdrop", "residual_dropout", "hidden_dropout", "hidden_dropout_prob", "embedding_dropout",
        "embedding_dropout_prob", "embed_dropout", "ffn_dropout_prob", "activation_dropout", "dropout", "classifier_dropout", "expert_dropout",
        "router_aux_loss_coef", "aux_loss_alpha", "seq_aux", "input_jitter_noise", "gradient_checkpointing",

        // How transformers runs it: caches, outputs, kernels, devices. None changes the result.
        "use_cache", "output_router_logits", "output_attentions", "output_hidden_states", "output_past", "return_dict", "torchscript",
        "num_logits_to_keep", "cache_implementation", "_attn_implementation", "_attn_implementation_autoset", "attn_implementation",
        "use_flash_attention", "ep_size", "chunk_size_feed_forward",

        // Splits a matrix product into as many parts and adds them up again: another order of the same sum.
        "pretraining_tp",

        // The tensors themselves say what they are stored in.
        "dtype", "torch_dtype", "use_bfloat16",

        // Special ids: the tokenizer adds the first token itself; end ids are read where generation_config.json has none; padding is never computed.
        "bos_token_id", "eos_token_id", "pad_token_id", "unk_token_id", "sep_token_id", "mask_token_id", "eod_token_id",
        "decoder_start_token_id",

        // Sampling in the old place: generation_config.json says it.
        "do_sample", "temperature", "top_k", "top_p", "typical_p", "max_length", "min_length", "max_new_tokens", "num_beams", "num_beam_groups",
        "num_return_sequences", "diversity_penalty", "repetition_penalty", "length_penalty", "early_stopping", "encoder_no_repeat_ngram_size",
        "no_repeat_ngram_size", "bad_words_ids", "forced_bos_token_id", "forced_eos_token_id", "suppress_tokens", "begin_suppress_tokens",
        "exponential_decay_length_penalty", "remove_invalid_values", "return_dict_in_generate", "output_scores", "task_specific_params", "prefix",

        // What a model of images and text has beside its text. Its tensors are left out by name, or refused.
        "vision_config", "image_token_index", "image_token_id", "boi_token_index", "eoi_token_index", "mm_tokens_per_image", "multimodal_projector_bias",
        "projector_hidden_act", "spatial_merge_size", "vision_feature_layer", "vision_feature_select_strategy",

        // Names of a classifier's classes, which transformers also writes where there is no classifier; a converter of classifiers reads them.
        "id2label", "label2id", "num_labels", "problem_type", "finetuning_task",
    ], StringComparer.Ordinal);

    /// <summary>Whether a key says nothing about inference.</summary>
    public static bool Contains(string key) => s_keys.Contains(key);
}
