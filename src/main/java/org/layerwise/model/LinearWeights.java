package org.layerwise.model;

import java.nio.file.Path;
import java.util.List;
import org.layerwise.tensor.DType;
import org.layerwise.tensor.Device;
import org.layerwise.tensor.Tensor;
import org.layerwise.tensor.TensorEngine;
import org.layerwise.tensor.TensorOwner;

/**
 * Weights of the linear maps of a checkpoint's layers, each read from its file when it is needed. Experts that are stored as one tensor
 * are left out.
 */
public final class LinearWeights implements AutoCloseable {

    private final ModelBlueprint model;
    private final TensorOwner owner;
    private final FileWeights files;

    /** @throws org.layerwise.base.UserException if a tensor of the model is missing */
    public LinearWeights(TensorEngine engine, ModelBlueprint model) {
        model.requireComplete();
        this.model = model;
        this.owner = engine.owner();
        this.files = FileWeights.mapped(engine, model.stored(), Device.CPU, owner);
    }

    /** Returns the linear maps in the order of the computation. */
    public List<LinearModule> modules() {
        return model.linears().stream()
                .filter(linear -> files.has(weight(linear)))
                .toList();
    }

    /** Returns the folder of the checkpoint. */
    public Path folder() {
        return model.checkpoint().folder();
    }

    /** Returns the name of a module within its layer, such as {@code self_attn.q_proj}. */
    public String type(LinearModule module) {
        return model.description().names().withoutLayer(module.layer(), module.name());
    }

    /**
     * Returns a weight in float32 in the innermost open scope, {@code [out, in]}, or {@code [in, out]} for a family that stores
     * it so.
     */
    public Tensor read(LinearModule module) {
        boolean turned = model.description().names().turned();
        return turned
                ? files.tensor(weight(module), DType.F32, module.in(), module.out())
                : files.tensor(weight(module), DType.F32, module.out(), module.in());
    }

    private static String weight(LinearModule module) {
        return module.name() + ".weight";
    }

    @Override
    public void close() {
        owner.close();
    }
}
