package org.layerwise.study.model;

import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.layerwise.analysis.Position;
import org.layerwise.selection.LayerKinds;
import org.layerwise.selection.ModelKind;

/**
 * Description of a model for users.
 *
 * @param name last part of the folder's name
 * @param family HuggingFace's {@code model_type}
 * @param layers M, the number of layers
 * @param hiddenSize width of a hidden state
 * @param parameters number of parameters in use
 * @param dtype compute data type
 * @param device device of the weights, for example {@code cpu}
 * @param hasTokenizer true if the model can process text
 * @param defaultPosition default token that stands for a row
 * @param targetModules default target modules of LoRA
 * @param linearModules names of all linear modules of a layer
 * @param kind encoder, decoder, or a model that sees images
 * @param kinds kinds of the layers, as far as they differ
 * @param storedTypes data types that the weights are stored in, for example {@code BF16}
 * @param memory memory need, and the part of the model that is in memory at a time
 * @param unused tensors in the model's files that the model does not use
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
        String dtype,
        String device,
        boolean hasTokenizer,
        Position defaultPosition,
        List<String> targetModules,
        List<String> linearModules,
        ModelKind kind,
        LayerKinds kinds,
        List<String> storedTypes,
        MemoryNeed memory,
        List<String> unused) {

    // heads of other tasks, and tensors that HuggingFace's models of the same task do not use either
    private static final Pattern COMMONLY_UNUSED = Pattern.compile(
            "(\\w+\\.)?(cls|pooler|lm_head|mlm_head|lm_predictions|mask_predictions|qa_outputs|classifier|pre_classifier|score"
                    + "|vocab_transform|vocab_layer_norm|vocab_projector|predictions|summary"
                    + "|discriminator_predictions|generator_predictions|generator_lm_head)\\..*"
                    + "|head\\..*|decoder\\.(weight|bias)|(.*\\.)?vision_model\\.(post_layernorm|encoder\\.layers)\\..*"
                    + "|(.*\\.)?lm_head\\.weight");

    /**
     * Returns the unused tensors that do not belong to common heads. Such tensors may mean that the model differs from
     * what its configuration says.
     */
    public List<String> strangeTensors() {
        return unused.stream()
                .filter(name -> !COMMONLY_UNUSED.matcher(name).matches())
                .toList();
    }
}
