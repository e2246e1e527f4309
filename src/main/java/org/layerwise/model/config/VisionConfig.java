package org.layerwise.model.config;

import java.util.List;

/**
 * How a language model sees images, as LLaVA-1.5 does (Liu et al., arXiv 2310.03744; HuggingFace's
 * {@code LlavaForConditionalGeneration}): hidden states of patches from a vision transformer, mapped to the language
 * model's width.
 *
 * @param tower the vision transformer
 * @param towerNames of its modules
 * @param projector prefix of the projector's modules
 * @param imageSize height and width of an image in pixels
 * @param patchSize height and width of a patch
 * @param channels of an image
 * @param layers indices of the hidden states that are used, 0 for the first layer's input
 * @param classToken whether the vector of the whole image is used beside those of the patches
 * @param activation between the projector's two maps
 * @param projectorBias whether these have biases
 * @param imageToken the token id that stands for an image in a row
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

    /** The number of patches of an image. */
    public int patches() {
        int side = imageSize / patchSize;
        return side * side;
    }

    /** The number of tokens that an image takes in a row. */
    public int tokensPerImage() {
        return patches() + (classToken ? 1 : 0);
    }
}
