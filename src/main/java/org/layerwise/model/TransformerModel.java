package org.layerwise.model;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.layerwise.base.Progress;
import org.layerwise.base.UserException;
import org.layerwise.checkpoint.Checkpoint;
import org.layerwise.tensor.Device;
import org.layerwise.tensor.Scope;
import org.layerwise.tensor.Tensor;
import org.layerwise.tensor.TensorEngine;
import org.layerwise.tensor.TensorOwner;

/**
 * A transformer whose weights lie on a device. Closing it frees them; nothing that was made of it may be used after that.
 */
public final class TransformerModel implements AutoCloseable {

    private final TensorEngine engine;
    private final Checkpoint checkpoint;
    private final Device device;
    private final TensorOwner owner;
    private final Weights weights;
    private final Family family;
    private final Transformer transformer;
    private final long transformerParameters;

    private TransformerModel(
            TensorEngine engine,
            Checkpoint checkpoint,
            Device device,
            TensorOwner owner,
            Weights weights,
            Family family,
            Transformer transformer) {
        this.engine = engine;
        this.checkpoint = checkpoint;
        this.device = device;
        this.owner = owner;
        this.weights = weights;
        this.family = family;
        this.transformer = transformer;
        this.transformerParameters =
                weights.loaded().values().stream().mapToLong(Tensor::elements).sum();
    }

    /**
     * Loads a model from a HuggingFace folder. Weights in 16 bits are computed with in float32.
     *
     * @throws UserException if the family is not supported, or a tensor is missing or of another shape than config.json
     *     says
     */
    public static TransformerModel load(TensorEngine engine, Checkpoint checkpoint, Device device, Progress progress) {
        Family family = Family.of(checkpoint);
        ModelConfig config = family.read(new ConfigReader(checkpoint));
        TensorOwner owner = engine.owner();
        try {
            Weights weights = new Weights(engine, checkpoint, device, owner, family.names());
            Transformer transformer = new ModelAssembly(engine, config, family.names(), weights).build(progress);
            return new TransformerModel(engine, checkpoint, device, owner, weights, family, transformer);
        } catch (RuntimeException e) {
            owner.close();
            throw e;
        }
    }

    /** What the model is made of. */
    public ModelConfig config() {
        return transformer.config();
    }

    /** The model without a head, without dropout or adapters. */
    public Transformer transformer() {
        return transformer;
    }

    /** Where the weights lie. */
    public Device device() {
        return device;
    }

    /** The engine that computes with it. */
    public TensorEngine engine() {
        return engine;
    }

    /** The files that it came from. */
    public Checkpoint checkpoint() {
        return checkpoint;
    }

    /** Names of the linear modules that LoRA targets when nothing is said. */
    public List<String> defaultTargets() {
        return family.defaultTargets();
    }

    /** The number of parameters of the transformer and of the head's modules that the checkpoint has. */
    public long parameters() {
        WeightNames names = family.names();
        long head = Stream.of(names.inBody(names.pooler()), names.classifier())
                .flatMap(module -> Stream.of(module + ".weight", module + ".bias"))
                .filter(weights::has)
                .mapToLong(weights::elements)
                .sum();
        return transformerParameters + head;
    }

    /** The number of outputs of the checkpoint's own head; empty if it has none. */
    public Optional<Integer> storedLabels() {
        String name = family.names().classifier() + ".weight";
        return weights.has(name) ? Optional.of((int) checkpoint.entry(name).shape()[0]) : Optional.empty();
    }

    /**
     * The head for sequence classification: the checkpoint's own modules, and fresh ones where it has none.
     *
     * @param holder owns fresh weights
     * @param labels number of outputs, 1 for regression
     * @param seed of fresh weights
     * @throws UserException if the checkpoint's head has another number of outputs
     */
    public LoadedHead head(TensorOwner holder, int labels, long seed) {
        storedLabels().filter(stored -> stored != labels).ifPresent(stored -> {
            throw new UserException(
                    labels == 1
                            ? "The classification head of %s has %d outputs, but regression needs one; use --task classification, or a checkpoint without a head."
                                    .formatted(checkpoint.folder(), stored)
                            : "The classification head of %s has %d outputs, but %d are needed; choose data with labels 0 to %d, or a checkpoint without a head."
                                    .formatted(checkpoint.folder(), stored, labels, stored - 1));
        });
        return headOfAnySize(holder, labels, seed);
    }

    /** The same, with a fresh classifier where the checkpoint's has another number of outputs. */
    public LoadedHead headOfAnySize(TensorOwner holder, int labels, long seed) {
        Set<String> fresh = new LinkedHashSet<>();
        int hidden = config().hiddenSize();
        WeightNames names = family.names();
        boolean ownClassifier = storedLabels().orElse(labels) == labels;
        ClassificationHead head = new ClassificationHead(
                headLinear(names.inBody(names.pooler()), hidden, hidden, holder, seed, fresh),
                ownClassifier
                        ? headLinear(names.classifier(), labels, hidden, holder, seed, fresh)
                        : freshLinear(names.classifier(), labels, hidden, holder, seed, fresh));
        return new LoadedHead(head, Set.copyOf(fresh));
    }

    private Linear headLinear(String name, int out, int in, TensorOwner holder, long seed, Set<String> fresh) {
        String weight = name + ".weight";
        String bias = name + ".bias";
        if (weights.loaded().containsKey(weight)) {
            return new Linear(
                    name, weights.loaded().get(weight), weights.loaded().get(bias), null);
        }
        if (weights.has(weight)) {
            return new Linear(
                    name,
                    weights.load(weight, Progress.none(), out, in),
                    weights.load(bias, Progress.none(), out),
                    null);
        }
        return freshLinear(name, out, in, holder, seed, fresh);
    }

    private Linear freshLinear(String name, int out, int in, TensorOwner holder, long seed, Set<String> fresh) {
        fresh.add(name);
        try (Scope scope = engine.inference()) {
            Tensor values = engine.of(normal(out * in, seed ^ name.hashCode()), out, in);
            return new Linear(
                    name,
                    holder.adopt(values.to(device)),
                    holder.adopt(engine.of(new float[out], out).to(device)),
                    null);
        }
    }

    // drawn on the host, so that a seed gives the same weights on every device
    private float[] normal(int count, long seed) {
        Random random = new Random(seed);
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) (random.nextGaussian() * config().initializerRange());
        }
        return values;
    }

    /**
     * The linear modules that target names stand for, as PEFT matches them: a target is a module's full name or its end
     * after a dot, in the layers that are named.
     *
     * @throws UserException if a target matches nothing in the model
     */
    public List<Linear> targets(Set<Integer> layers, List<String> targetModules) {
        Set<String> matched = new LinkedHashSet<>();
        List<Linear> found = new ArrayList<>();
        for (int layer = 0; layer < config().layers(); layer++) {
            for (Linear linear : transformer.linears(layer)) {
                boolean targeted = false;
                for (String target : targetModules) {
                    if (linear.name().equals(target) || linear.name().endsWith("." + target)) {
                        matched.add(target);
                        targeted = true;
                    }
                }
                if (targeted && layers.contains(layer)) {
                    found.add(linear);
                }
            }
        }
        for (String target : targetModules) {
            if (!matched.contains(target)) {
                throw new UserException("No linear module of %s is called \"%s\"; there are %s."
                        .formatted(checkpoint.folder(), target, String.join(", ", linearModules())));
            }
        }
        return found;
    }

    /** The names of a layer's linear modules, without the layer's own prefix. */
    public List<String> linearModules() {
        String prefix = family.names().inLayer(0, "");
        return transformer.linears(0).stream()
                .map(linear -> linear.name().substring(prefix.length()))
                .toList();
    }

    /** The layers of this model, 0 to M-1. */
    public Set<Integer> allLayers() {
        Set<Integer> layers = new TreeSet<>();
        for (int i = 0; i < config().layers(); i++) {
            layers.add(i);
        }
        return layers;
    }

    @Override
    public void close() {
        owner.close();
        checkpoint.close();
    }
}
