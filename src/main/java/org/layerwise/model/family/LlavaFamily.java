package org.layerwise.model.family;

import java.util.List;
import java.util.OptionalLong;
import org.layerwise.model.config.AttentionConfig;
import org.layerwise.model.config.LayerConfig;
import org.layerwise.model.config.ModelConfig;
import org.layerwise.model.config.ModelDescription;
import org.layerwise.model.config.ModuleNames;
import org.layerwise.model.config.ModuleNames.Module;
import org.layerwise.model.config.VisionConfig;

/**
 * LLaVA-1.5 (Liu et al., arXiv 2310.03744), as HuggingFace's {@code LlavaForConditionalGeneration}: a CLIP vision
 * transformer (Radford et al., arXiv 2103.00020) before a Llama or Mistral. Names are those of transformers 4.52 and
 * later; most files have the older names.
 */
final class LlavaFamily implements Family {

    /**
     * Maximum id of the image token; the image token is not a token of the vocabulary, so its id may lie beyond the
     * vocabulary.
     */
    private static final int MOST_IDS = 1 << 24;

    private static final String LANGUAGE = "model.language_model.";
    private static final String TOWER = "model.vision_tower.vision_model.";
    private static final String PROJECTOR = "model.multi_modal_projector.";

    private static final ModuleNames TOWER_NAMES = ModuleNames.of("", TOWER + "encoder.layers.")
            .with(Module.TOKENS, TOWER + "embeddings.patch_embedding")
            .with(Module.SEGMENTS, TOWER + "embeddings.class_embedding")
            .with(Module.POSITIONS, TOWER + "embeddings.position_embedding")
            .with(Module.EMBEDDING_NORM, TOWER + "pre_layrnorm")
            .with(Module.QUERY, "self_attn.q_proj")
            .with(Module.KEY, "self_attn.k_proj")
            .with(Module.VALUE, "self_attn.v_proj")
            .with(Module.ATTENTION_OUTPUT, "self_attn.out_proj")
            .with(Module.ATTENTION_NORM, "layer_norm1")
            .with(Module.UP, "mlp.fc1")
            .with(Module.DOWN, "mlp.fc2")
            .with(Module.FEED_FORWARD_NORM, "layer_norm2");

    private static final ModuleNames NAMES = LlamaFamily.NAMES
            .under(LANGUAGE)
            .alias(LANGUAGE, "language_model.model.")
            .alias(LANGUAGE, "language_model.")
            .alias("lm_head.", "language_model.lm_head.")
            .alias("model.vision_tower.", "vision_tower.")
            // as transformers 5 saves it
            .alias(TOWER, "vision_tower.")
            .alias(TOWER, "model.vision_tower.")
            .alias("model.multi_modal_projector.", "multi_modal_projector.");

    @Override
    public ModelDescription read(ConfigReader config) {
        ConfigReader text = config.part("text_config");
        text.requireUsual();
        text.requireText("model_type", "llama", "llama", "mistral");
        ModelDescription language = new LlamaFamily().read(text);
        return new ModelDescription(
                WrapperFamily.inside(config, language.config()),
                NAMES,
                LlamaFamily.TARGETS,
                language.tiedLanguageModel(),
                language.logitFactor(),
                language.languageModelCap(),
                true,
                vision(config));
    }

    private static VisionConfig vision(ConfigReader config) {
        ConfigReader vision = config.part("vision_config");
        // without this part the file describes LLaVA-1.5's own vision tower
        boolean silent = !config.isSet("vision_config");
        vision.requireText("model_type", "clip_vision_model", "clip_vision_model");
        int imageSize = vision.positive("image_size", silent ? 336 : 224);
        int patchSize = vision.positive("patch_size", silent ? 14 : 32);
        if (patchSize > imageSize) {
            throw config.refused(
                    "has vision_config.patch_size = %s above image_size = %s.".formatted(patchSize, imageSize));
        }
        ModelConfig tower = tower(vision, silent, imageSize / patchSize);
        List<Integer> layers = config.wholeNumbers("vision_feature_layer", -2).stream()
                .map(layer -> layer < 0 ? tower.layers() + 1 + layer : layer)
                .toList();
        if (layers.isEmpty() || layers.stream().anyMatch(layer -> layer < 0 || layer > tower.layers())) {
            throw config.refused("names with vision_feature_layer a layer that the vision tower of %s layers lacks."
                    .formatted(tower.layers()));
        }
        return new VisionConfig(
                tower,
                TOWER_NAMES,
                PROJECTOR,
                imageSize,
                patchSize,
                vision.positive("num_channels", 3),
                layers,
                config.requireText("vision_feature_select_strategy", "default", "default", "full")
                        .equals("full"),
                config.activation("projector_hidden_act", "gelu"),
                config.flag("multimodal_projector_bias", true),
                config.tokenId(config.oneOf("image_token_index", "image_token_id"), 32000, MOST_IDS));
    }

    private static ModelConfig tower(ConfigReader vision, boolean silent, int side) {
        int width = vision.positive("hidden_size", silent ? 1024 : 768);
        int heads = vision.heads("num_attention_heads", silent ? 16 : 12);
        vision.requireDivisible(width, heads, "hidden_size", "num_attention_heads");
        int layers = vision.layers("num_hidden_layers", silent ? 24 : 12);
        return new ModelConfig(
                "clip_vision_model",
                LayerConfig.of(
                        AttentionConfig.plain(heads, width / heads).times(layers),
                        ModelConfig.FeedForward.plain(
                                vision.positive("intermediate_size", silent ? 4096 : 3072),
                                vision.activation("hidden_act", "quick_gelu"))),
                width,
                1,
                ModelConfig.Direction.BOTH,
                new ModelConfig.Positions.Learned(
                        Math.addExact(Math.multiplyExact(side, side), 1), OptionalLong.empty()),
                ModelConfig.Embedding.normed(width, 0),
                OptionalLong.empty(),
                ModelConfig.Norm.layer(vision.epsilon("layer_norm_eps", 1e-5)),
                ModelConfig.Residual.PRE_NORM,
                1,
                ModelConfig.FinalNorm.NONE,
                ModelConfig.Dropout.NONE,
                ModelConfig.Head.lastToken(),
                new ModelConfig.Labels(0, List.of()),
                0.02);
    }
}
