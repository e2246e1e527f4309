package org.layerwise.model;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.UserException;
import org.layerwise.model.config.ModelConfig;
import org.layerwise.model.config.ModuleNames;
import org.layerwise.model.config.ModuleNames.Module;
import org.layerwise.model.config.VisionConfig;
import org.layerwise.model.input.ImageFeatures;
import org.layerwise.model.input.ModelInput;
import org.layerwise.model.input.PixelBatch;
import org.layerwise.model.input.TokenBatch;
import org.layerwise.model.layer.Linear;
import org.layerwise.model.layer.Norm;
import org.layerwise.model.layer.TransformerLayer;
import org.layerwise.tensor.DType;
import org.layerwise.tensor.Device;
import org.layerwise.tensor.Scope;
import org.layerwise.tensor.Tensor;
import org.layerwise.tensor.TensorEngine;

/**
 * Vision transformer over the patches of images (CLIP, Radford et al., arXiv 2103.00020; HuggingFace's
 * {@code CLIPVisionModel}) and the projector to the language model's width.
 *
 * @param patches {@code [width, channels, patch, patch]}
 * @param classToken {@code [width]}
 * @param positions {@code [1 + patches, width]}
 */
record VisionTower(
        TensorEngine engine,
        VisionConfig config,
        DType type,
        Tensor patches,
        Tensor classToken,
        Tensor positions,
        Norm inputNorm,
        List<TransformerLayer> blocks,
        Linear first,
        Linear second) {

    static VisionTower build(TensorEngine engine, VisionConfig config, int width, WeightSource weights, DType type) {
        ModelConfig tower = config.tower();
        ModuleNames names = config.towerNames();
        ModelAssembly assembly = new ModelAssembly(engine, tower, names, weights, type);
        List<TransformerLayer> blocks = new ArrayList<>();
        // layers after the last used one are never computed
        int used = config.layers().stream().mapToInt(Integer::intValue).max().orElse(0);
        for (int layer = 0; layer < used; layer++) {
            blocks.add(assembly.block(layer, null));
        }
        int seen = tower.hiddenSize();
        return new VisionTower(
                engine,
                config,
                type,
                weights.tensor(
                        names.inBody(Module.TOKENS) + ".weight",
                        type,
                        seen,
                        config.channels(),
                        config.patchSize(),
                        config.patchSize()),
                weights.tensor(names.inBody(Module.SEGMENTS), type, seen),
                weights.tensor(names.inBody(Module.POSITIONS) + ".weight", type, 1L + config.patches(), seen),
                assembly.modules().norm(names.inBody(Module.EMBEDDING_NORM), seen),
                List.copyOf(blocks),
                projection(config, "linear_1", width, seen * config.layers().size(), weights, type),
                projection(config, "linear_2", width, width, weights, type));
    }

    private static Linear projection(
            VisionConfig config, String module, int out, int in, WeightSource weights, DType type) {
        String name = config.projector() + module;
        return new Linear(
                name,
                weights.tensor(name + ".weight", type, out, in),
                config.projectorBias() ? weights.tensor(name + ".bias", type, out) : null,
                null);
    }

    /**
     * Returns the features of a batch's images and the positions of its image tokens; null if the batch has no images.
     *
     * @throws UserException if the number of image tokens does not match the images
     */
    @Nullable
    ImageFeatures features(TokenBatch batch, Device device) {
        if (batch.pixels() == null) {
            return null;
        }
        long[] places = places(batch);
        int expected = batch.pixels().images() * config.tokensPerImage();
        if (places.length != expected) {
            throw new UserException(
                    "A batch has %s image tokens (id %s), but its %s images of %s patches need %s; give each image one token or as many as it has patches."
                            .formatted(
                                    places.length,
                                    config.imageToken(),
                                    batch.pixels().images(),
                                    config.tokensPerImage(),
                                    expected));
        }
        return new ImageFeatures(
                project(batch.pixels(), device),
                engine.of(places, places.length).to(device));
    }

    private long[] places(TokenBatch batch) {
        long[] places = new long[batch.ids().length];
        int count = 0;
        for (int i = 0; i < batch.ids().length; i++) {
            if (batch.ids()[i] == config.imageToken() && batch.mask()[i] == 1) {
                places[count++] = i;
            }
        }
        return Arrays.copyOf(places, count);
    }

    /** Returns the image features for the language model, {@code [images * tokens, hidden]}. */
    Tensor project(PixelBatch pixels, Device device) {
        List<Tensor> states = hiddenStates(pixels, device);
        List<Tensor> used = new ArrayList<>();
        for (int layer : config.layers()) {
            Tensor state = states.get(layer);
            used.add(config.classToken() ? state : state.slice(1, 1, state.size(1)));
        }
        Tensor seen = used.size() == 1 ? used.get(0) : engine.cat(used, 2);
        return second.apply(config.activation().apply(first.apply(seen))).reshape(-1, second.out());
    }

    /** Returns the input of the first layer and the output of each layer, {@code [images, 1 + patches, width]}. */
    List<Tensor> hiddenStates(PixelBatch pixels, Device device) {
        Tensor hidden = inputNorm.apply(embed(pixels, device));
        ModelInput input = input(pixels, device);
        List<Tensor> states = new ArrayList<>(List.of(hidden));
        for (TransformerLayer block : blocks) {
            try (Scope inner = engine.scope()) {
                hidden = inner.keep(block.apply(hidden, input, ModelConfig.Dropout.NONE));
            }
            states.add(hidden);
        }
        return states;
    }

    private Tensor embed(PixelBatch pixels, Device device) {
        if (pixels.channels() != config.channels()
                || pixels.height() != config.imageSize()
                || pixels.width() != config.imageSize()) {
            throw new UserException(
                    "The images are preprocessed to %s x %s pixels of %s channels, but the model takes %s x %s of %s; the settings of the image processor belong to another model."
                            .formatted(
                                    pixels.height(),
                                    pixels.width(),
                                    pixels.channels(),
                                    config.imageSize(),
                                    config.imageSize(),
                                    config.channels()));
        }
        Tensor image = engine.of(pixels.values(), pixels.images(), pixels.channels(), pixels.height(), pixels.width())
                .to(device)
                .cast(type);
        Tensor patched = image.conv2d(patches, config.patchSize());
        int width = config.tower().hiddenSize();
        Tensor rows = patched.reshape(pixels.images(), width, -1).transpose();
        Tensor whole = classToken.reshape(1, 1, width).expand(pixels.images(), 1, width);
        return engine.cat(List.of(whole, rows), 1).add(positions);
    }

    // patches are never padded: the layers need only the visibility
    private ModelInput input(PixelBatch pixels, Device device) {
        int length = 1 + config.patches();
        long[] zeros = new long[Math.multiplyExact(pixels.images(), length)];
        long[] ones = new long[zeros.length];
        Arrays.fill(ones, 1);
        TokenBatch batch = new TokenBatch(pixels.images(), length, zeros, zeros, ones);
        return ModelInput.of(engine, config.tower(), batch, device, type, null);
    }
}
