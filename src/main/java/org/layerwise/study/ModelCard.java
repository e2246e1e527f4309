package org.layerwise.study;

import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.layerwise.analysis.Position;
import org.layerwise.selection.ModelKind;

/**
 * What people see of a model.
 *
 * @param name the last part of its folder's name
 * @param family HuggingFace's {@code model_type}
 * @param layers M
 * @param hiddenSize width of a hidden state
 * @param parameters numbers in the weights in use
 * @param weightBytes memory that the weights take
 * @param dtype type that is computed in
 * @param device where it lies, for example {@code cpu}
 * @param hasTokenizer whether text can be fed to it
 * @param defaultPosition the token that stands for an example when nothing is said
 * @param targetModules LoRA's targets when nothing is said
 * @param linearModules names of all linear modules of a layer
 * @param kind encoder, decoder, or one that sees images
 * @param storedTypes the types that the weights are stored in, for example {@code BF16}
 * @param memory what it takes, and whether it is used a layer at a time
 * @param unused tensors in its files that nobody asks for
 */
public record ModelCard(
        String name,
        Path folder,
        String family,
        int layers,
        int hiddenSize,
        int heads,
        int vocabularySize,
        int maxPositions,
        long parameters,
        long weightBytes,
        String dtype,
        String device,
        boolean hasTokenizer,
        Position defaultPosition,
        List<String> targetModules,
        List<String> linearModules,
        ModelKind kind,
        List<String> storedTypes,
        MemoryNeed memory,
        List<String> unused) {

    // heads of other tasks, and what HuggingFace's models of the same task do not use either
    private static final Pattern USUAL = Pattern.compile(
            "(\\w+\\.)?(cls|pooler|lm_head|mlm_head|lm_predictions|mask_predictions|qa_outputs|classifier|pre_classifier|score"
                    + "|vocab_transform|vocab_layer_norm|vocab_projector|predictions|summary"
                    + "|discriminator_predictions|generator_predictions|generator_lm_head)\\..*"
                    + "|head\\..*|decoder\\.(weight|bias)|(.*\\.)?vision_model\\.(post_layernorm|encoder\\.layers)\\..*"
                    + "|(.*\\.)?lm_head\\.weight");

    /** The unused tensors that are not those of the usual heads: they may say that the model is another than it seems. */
    public List<String> strangeTensors() {
        return unused.stream().filter(name -> !USUAL.matcher(name).matches()).toList();
    }
}
