package org.layerwise.study.model;

import org.jspecify.annotations.Nullable;
import org.layerwise.base.Progress;
import org.layerwise.model.LayerStream;
import org.layerwise.model.ModelBlueprint;
import org.layerwise.model.TransformerModel;
import org.layerwise.model.config.ModelConfig;
import org.layerwise.settings.Loading;
import org.layerwise.tensor.DType;
import org.layerwise.tensor.Device;
import org.layerwise.tensor.TensorEngine;

/**
 * Loading of a model's weights: copied, packed, memory-mapped, or one layer at a time.
 *
 * @param device device that the model computes on
 * @param type data type that the model computes in
 * @param memory decides about the loading: now, one layer at a time later, or not at all
 * @param use work for which the model is opened
 */
record ModelLoading(
        TensorEngine engine, ModelBlueprint blueprint, Device device, DType type, MemoryNeed memory, ModelUse use) {

    /**
     * Returns the model with its weights; null if they are used one layer at a time or not at all.
     *
     * @throws org.layerwise.base.UserException if a tensor is missing
     */
    @Nullable
    TransformerModel load(Progress progress) {
        if (memory.loaded() != Loading.WHOLE) {
            return null;
        }
        if (isMapped()) {
            return inFiles(progress);
        }
        return packs()
                ? TransformerModel.loadPacked(engine, blueprint, device, type, progress)
                : TransformerModel.load(engine, blueprint, device, type, progress);
    }

    /** Returns the model with its matrices in their files, for work that goes through all layers again and again. */
    TransformerModel inFiles(Progress progress) {
        return TransformerModel.loadMapped(engine, blueprint, device, type, progress);
    }

    /** Returns the layers of the model, whose weights are loaded one layer at a time, packed as those of a whole model would be. */
    LayerStream stream() {
        if (isMapped()) {
            return LayerStream.mapped(engine, blueprint, type);
        }
        return packs()
                ? LayerStream.packed(engine, blueprint, device, type)
                : new LayerStream(engine, blueprint, device, type);
    }

    /**
     * Returns true if weights that need no conversion stay in their memory-mapped files, since a copy of them would
     * take nearly all free memory.
     */
    boolean isMapped() {
        return device.kind() == Device.Kind.CPU
                && (memory.byLayers() ? memory.layersAreTight() : memory.wholeIsTight());
    }

    /** Returns true if packed weights suit the use, and a head that generates has room beside the embeddings to which it is tied. */
    private boolean packs() {
        ModelConfig config = blueprint.config();
        boolean tied = blueprint.description().tiedLanguageModel();
        long head = tied ? (long) config.vocabularySize() * config.hiddenSize() * type.bytes() : 0;
        return use.packs(type) && engine.packs(device, type) && (use != ModelUse.GENERATION || memory.fits(head));
    }
}
