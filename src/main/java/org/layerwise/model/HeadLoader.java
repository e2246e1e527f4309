package org.layerwise.model;

import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.layerwise.base.Progress;
import org.layerwise.model.config.ModelConfig;
import org.layerwise.model.config.ModelDescription;
import org.layerwise.model.config.ModuleNames.Module;
import org.layerwise.model.layer.Linear;
import org.layerwise.tensor.DType;
import org.layerwise.tensor.Device;
import org.layerwise.tensor.Scope;
import org.layerwise.tensor.Tensor;
import org.layerwise.tensor.TensorEngine;
import org.layerwise.tensor.TensorOwner;

/** Loads a classification head in float32 and initialises the modules that the checkpoint lacks. */
final class HeadLoader {

    private final TensorEngine engine;
    private final ModelDescription description;
    private final StoredTensors stored;
    private final Device device;
    private final TensorOwner holder;
    private final long seed;
    private final LoadedWeights weights;
    private final Set<String> fresh = new LinkedHashSet<>();

    /**
     * Creates a loader.
     *
     * @param supply weights of the head that the checkpoint contains
     * @param holder owner of the tensors
     * @param seed seed of newly initialised weights
     */
    HeadLoader(
            TensorEngine engine,
            ModelDescription description,
            StoredTensors stored,
            LoadedWeights.Supply supply,
            Device device,
            TensorOwner holder,
            long seed) {
        this.engine = engine;
        this.description = description;
        this.stored = stored;
        this.device = device;
        this.holder = holder;
        this.seed = seed;
        this.weights = new LoadedWeights(engine, supply, holder, false, false, Progress.none());
    }

    /** Returns the number of outputs of the checkpoint's own classifier; empty if the checkpoint has none. */
    static Optional<Integer> storedLabels(ModelDescription description, StoredTensors stored) {
        return stored.find(description.names().head(Module.CLASSIFIER) + ".weight")
                .map(name -> (int) stored.get(name).shape()[0]);
    }

    LoadedHead load(int labels) {
        ModelConfig.Head shape = description.config().head();
        int hidden = description.config().hiddenSize();
        boolean own = storedLabels(description, stored).orElse(labels) == labels;
        Linear dense =
                shape.dense() == null ? null : linear(Module.HEAD_DENSE, hidden, hidden, shape.denseBias(), true);
        HeadNorm norm = shape.normed() ? norm(hidden) : null;
        Linear classifier = linear(Module.CLASSIFIER, labels, hidden, shape.bias(), own);
        return new LoadedHead(new ClassificationHead(shape, dense, norm, classifier), Set.copyOf(fresh));
    }

    private Linear linear(Module module, int out, int in, boolean bias, boolean mayBeStored) {
        String name = description.names().head(module);
        if (mayBeStored && weights.has(name + ".weight")) {
            return new Linear(
                    name,
                    weights.tensor(name + ".weight", DType.F32, out, in),
                    bias ? weights.tensor(name + ".bias", DType.F32, out) : null,
                    null);
        }
        fresh.add(name);
        return new Linear(
                name,
                made(normal(Math.multiplyExact(out, in), seed ^ name.hashCode()), out, in),
                bias ? made(new float[out], out) : null,
                null);
    }

    private HeadNorm norm(int width) {
        String name = description.names().head(Module.HEAD_NORM);
        boolean biased = description.config().norm().bias();
        double epsilon = description.config().norm().epsilon();
        boolean there = weights.has(name + ".weight");
        if (!there) {
            fresh.add(name);
        }
        float[] ones = new float[width];
        Arrays.fill(ones, 1);
        return new HeadNorm(
                name,
                there ? weights.tensor(name + ".weight", DType.F32, width) : made(ones, width),
                there && biased ? weights.tensor(name + ".bias", DType.F32, width) : made(new float[width], width),
                biased,
                epsilon);
    }

    private Tensor made(float[] values, long... shape) {
        try (Scope scope = engine.inference()) {
            return holder.adopt(engine.of(values, shape).to(device));
        }
    }

    // drawn on the host, so that a seed gives the same weights on every device
    private float[] normal(int count, long seedOfTensor) {
        Random random = new Random(seedOfTensor);
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) (random.nextGaussian() * description.config().initializerRange());
        }
        return values;
    }
}
