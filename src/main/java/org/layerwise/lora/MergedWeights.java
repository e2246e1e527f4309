package org.layerwise.lora;

import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.UserException;
import org.layerwise.checkpoint.Checkpoint;
import org.layerwise.checkpoint.SafetensorsWriter.Named;
import org.layerwise.checkpoint.TensorEntry;
import org.layerwise.model.ClassificationHead;
import org.layerwise.model.ModelTensor;
import org.layerwise.model.TransformerModel;
import org.layerwise.model.config.ModuleNames;
import org.layerwise.model.config.ModuleNames.Module;
import org.layerwise.tensor.DType;
import org.layerwise.tensor.Device;
import org.layerwise.tensor.Scope;
import org.layerwise.tensor.Tensor;
import org.layerwise.tensor.TensorOwner;

/**
 * All tensors of a model with its adapters merged, as HuggingFace's model with the task's head saves them: with names
 * and types of the base, each computed in float32 when it is written. At most one tensor is in memory at a time.
 */
public final class MergedWeights implements AutoCloseable {

    private static final long PIECE_BYTES = 256L << 20;

    // LLaVA's files have the names that transformers used before 4.52 and still writes
    private static final String OLD_LANGUAGE_MODEL = "language_model.model.";

    private final AdaptedModel model;
    private final TransformerModel base;
    private final ModuleNames names;
    private final MergedTensors merged;
    private final boolean oldNames;
    private final Map<String, Named> tensors = new LinkedHashMap<>();
    private @Nullable TensorOwner current;

    private MergedWeights(AdaptedModel model, boolean sameClass) {
        this.model = model;
        this.base = model.base();
        this.names = base.description().names();
        this.merged = MergedTensors.of(model);
        this.oldNames = base.description().wrapped() && tokens().stored().startsWith(OLD_LANGUAGE_MODEL);
        requireBiases();
        if (tied()) {
            base.requireTiedHead();
        }
        collect(sameClass);
    }

    /**
     * Returns the merged weights of a model, which must stay open while they are used.
     *
     * @param sameClass true if the base was saved as a model of the same task, so that tensors in its files that are
     *     not used in the computation belong to the merged model
     * @throws UserException if a module would need a bias for which the model has no tensor
     */
    public static MergedWeights of(AdaptedModel model, boolean sameClass) {
        return new MergedWeights(model, sameClass);
    }

    /** Returns the tensors to write, in the order of the computation. */
    public List<Named> tensors() {
        return List.copyOf(tensors.values());
    }

    /** Returns the number of modules whose weights differ from the base. */
    public int modules() {
        return model.parts().adapters().size() + model.parts().experts().size();
    }

    /** Returns the type of the token embeddings, which most tensors of the base share. */
    public DType type() {
        return tokens().savedAs();
    }

    /**
     * Returns true if the head of a language model was tied to the token embeddings in the base and is no longer tied,
     * since one of the two was trained.
     */
    public boolean untied() {
        return tied()
                && (merged.names().contains(headWeight()) || merged.names().contains(tokensWeight()));
    }

    private boolean tied() {
        return base.description().tiedLanguageModel() && !classifies();
    }

    private boolean classifies() {
        return model.parts().head() instanceof ClassificationHead;
    }

    private String headWeight() {
        return names.head(Module.LANGUAGE_MODEL) + ".weight";
    }

    private String tokensWeight() {
        return names.inBody(Module.TOKENS) + ".weight";
    }

    private ModelTensor tokens() {
        return base.blueprint().tensors().stream()
                .filter(tensor -> tensor.name().equals(tokensWeight()))
                .findFirst()
                .orElseThrow();
    }

    private void requireBiases() {
        Set<String> own = base.tensors().keySet();
        model.parts().adapters().forEach((module, adapter) -> {
            if (adapter.product().filter(product -> product.bias() != null).isPresent()
                    && !own.contains(module + ".bias")
                    && !ofHead(module)) {
                throw new UserException(
                        "The adapter has a bias of B (lora_bias) on %s, which has no bias in %s to add it to; it cannot be merged."
                                .formatted(module, base.checkpoint().folder()));
            }
        });
    }

    private boolean ofHead(String module) {
        return model.parts().head() instanceof ClassificationHead head
                && head.linears().stream().anyMatch(linear -> linear.name().equals(module) && linear.bias() != null);
    }

    private void collect(boolean sameClass) {
        Set<String> otherHeads = otherHeads();
        for (ModelTensor tensor : base.blueprint().tensors()) {
            if (!otherHeads.contains(tensor.name())) {
                put(
                        tensor.name(),
                        merged.names().contains(tensor.name())
                                ? merged(tensor.name(), tensor.savedAs())
                                : unchanged(tensor));
            }
        }
        merged.names().stream()
                .filter(name -> !tensors.containsKey(name))
                .forEach(name -> put(name, merged(name, type())));
        if (untied() && !tensors.containsKey(headWeight())) {
            put(headWeight(), copied(written(headWeight()), tokens().stored()));
        }
        if (sameClass) {
            base.blueprint().unused().forEach(name -> tensors.putIfAbsent(name, copied(name, name)));
        }
    }

    private void put(String name, Named tensor) {
        tensors.put(name, tensor);
    }

    /** Returns the tensors of heads for other tasks. */
    private Set<String> otherHeads() {
        List<Module> heads = classifies()
                ? List.of(Module.LANGUAGE_MODEL)
                : List.of(Module.HEAD_DENSE, Module.HEAD_NORM, Module.CLASSIFIER);
        Set<String> others = new HashSet<>();
        heads.stream()
                .filter(names::has)
                .map(names::head)
                .flatMap(module -> Stream.of(".weight", ".bias").map(module::concat))
                .forEach(others::add);
        return others;
    }

    private String written(String name) {
        if (!base.description().wrapped()) {
            return name;
        }
        // files of one model keep one form of names
        return base.blueprint().tensors().stream()
                .filter(tensor -> tensor.name().equals(name))
                .map(ModelTensor::stored)
                .findFirst()
                .orElseGet(() -> oldNames ? oldName(name) : name);
    }

    /** Returns the name before transformers 4.52; a classifier's is the same. */
    private String oldName(String name) {
        return names.inFiles(name).stream().skip(1).findFirst().orElse(name);
    }

    private Named unchanged(ModelTensor tensor) {
        String name = written(tensor.name());
        if (tensor.quantized() == null) {
            return copied(name, tensor.stored());
        }
        return new Named(
                name,
                tensor.savedAs(),
                tensor.quantized().dimensions(),
                () -> new Pieces(tensor.name(), tensor.savedAs(), () -> base.tensor(tensor.name())));
    }

    private Named copied(String name, String stored) {
        Checkpoint files = base.checkpoint();
        TensorEntry entry = files.entry(stored);
        return new Named(name, entry.type(), entry.shape(), files.pieces(stored));
    }

    private Named merged(String name, DType type) {
        return new Named(written(name), type, shape(name), () -> new Pieces(name, type, () -> merged.tensor(name)));
    }

    private long[] shape(String name) {
        Tensor own = base.tensors().get(name);
        if (own != null) {
            return own.shape();
        }
        try (Scope scope = base.engine().inference()) {
            return merged.tensor(name).shape();
        }
    }

    /** Frees the memory of the last tensor. */
    @Override
    public void close() {
        if (current != null) {
            current.close();
            current = null;
        }
    }

    /**
     * Iterator over the bytes of a merged tensor, some rows at a time, so that the tensor may be larger than a buffer.
     */
    private final class Pieces implements Iterator<ByteBuffer> {

        private final Tensor rows;
        private final DType type;
        private final long atOnce;
        private long done;

        /** @param values returns the tensor, in the innermost open scope or the model's */
        Pieces(String name, DType type, Supplier<Tensor> values) {
            close();
            TensorOwner owner = base.engine().owner();
            current = owner;
            this.type = type;
            try (Scope scope = base.engine().inference()) {
                Tensor tensor = values.get();
                requireFinite(name, tensor, type);
                // a new Tensor object: the tensor itself may belong to the model
                this.rows = owner.adopt(tensor.reshape(tensor.rank() == 0 ? 1 : tensor.size(0), -1)
                        .to(Device.CPU)
                        .detach());
            }
            this.atOnce = Math.max(1, PIECE_BYTES / Math.max(1, rows.size(1) * type.bytes()));
        }

        @Override
        public boolean hasNext() {
            boolean more = done < rows.size(0);
            if (!more) {
                close();
            }
            return more;
        }

        @Override
        public ByteBuffer next() {
            if (done >= rows.size(0)) {
                throw new NoSuchElementException();
            }
            long end = Math.min(rows.size(0), done + atOnce);
            try (Scope scope = base.engine().inference()) {
                ByteBuffer bytes =
                        rows.slice(0, done, end).cast(type).contiguous().bytes();
                done = end;
                return bytes;
            }
        }
    }

    private void requireFinite(String name, Tensor tensor, DType type) {
        double largest = tensor.abs().max().item();
        if (Double.isNaN(largest) || Double.isInfinite(largest)) {
            throw new UserException(
                    "%s merged with the adapter is no longer a number everywhere; the adapter is broken."
                            .formatted(name));
        }
        if (type == DType.F16 && largest > 65504) {
            throw new UserException(String.format(
                    Locale.ROOT,
                    "%s merged with the adapter reaches %.0f, beyond the 65504 of the float16 that %s is stored in;"
                            + " merge into a checkpoint in bf16 or f32.",
                    name,
                    largest,
                    base.checkpoint().folder()));
        }
    }
}
