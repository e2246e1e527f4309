package org.layerwise.model.config;

import java.util.List;

/**
 * Vision part of a language model, as in LLaVA-1.5 (Liu et al., arXiv 2310.03744; HuggingFace's
 * {@code LlavaForConditionalGeneration}): hidden states of patches from a vision transformer, mapped to the language
 * model's width.
 *
 * @param tower configuration of the vision transformer
 * @param towerNames names of the modules of the vision transformer
 * @param projector prefix of the projector's modules
 * @param imageSize height and width of an image in pixels
 * @param patchSize height and width of a patch in pixels
 * @param channels number of channels of an image
 * @param layers indices of the hidden states that are used, 0 for the first layer's input
 * @param classToken true if the vector of the whole image is used in addition to those of the patches
 * @param activation non-linearity between the projector's two maps
 * @param projectorBias true if the projector's maps have biases
 * @param imageToken token id that represents an image in a row
 */
public record VisionConfig(
        ModelConfig tower,
        ModuleNames towerNames,
        String projector,
        int imageSize,
        int patchSize,
        int channels,
        List<Integer> layers,
        boolean classToken,
        Activation activation,
        boolean projectorBias,
        long imageToken) {

    public VisionConfig {
        layers = List.copyOf(layers);
    }

    /** Returns the number of patches of an image. */
    public int patches() {
        int side = imageSize / patchSize;
        return side * side;
    }

    /** Returns the number of tokens that an image takes in a row. */
    public int tokensPerImage() {
        return patches() + (classToken ? 1 : 0);
    }
}
