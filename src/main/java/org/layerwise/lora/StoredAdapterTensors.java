package org.layerwise.lora;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.UserException;
import org.layerwise.lora.TrainedTensors.TrainableTensor;
import org.layerwise.model.LanguageModelHead;
import org.layerwise.model.OutputHead;
import org.layerwise.model.TransformerModel;
import org.layerwise.model.config.ModuleNames.Module;
import org.layerwise.model.layer.Linear;
import org.layerwise.tensor.Scope;
import org.layerwise.tensor.Tensor;

/** Provides the tensors of a stored adapter to their modules, and records tensors that fit no module. */
final class StoredAdapterTensors {

    private final TransformerModel base;
    private final PeftAdapter adapter;
    private final SortedSet<String> unused;
    private final SortedSet<String> lacking = new TreeSet<>();

    StoredAdapterTensors(TransformerModel base, PeftAdapter adapter) {
        this.base = base;
        this.adapter = adapter;
        this.unused = new TreeSet<>(adapter.tensors().keySet());
        unused.removeIf(PeftNames::isUnusedCopy);
        unused.stream().filter(PeftNames::ofOneExpert).findFirst().ifPresent(name -> {
            throw new UserException(
                    "The adapter %s trains experts (%s) one by one, as PEFT did before transformers 5; train it anew with --target-parameters."
                            .formatted(adapter.origin(), name));
        });
    }

    /**
     * Returns the number of outputs of the adapter's classifier, otherwise of the checkpoint's.
     *
     * @throws UserException if neither has a classifier
     */
    int labels() {
        return classifier()
                .map(weight -> (int) weight.shape()[0])
                .or(base::storedLabels)
                .orElseThrow(() -> new UserException(
                        "Neither the adapter %s nor %s has a classifier; use an adapter that was saved with one."
                                .formatted(adapter.origin(), base.checkpoint().folder())));
    }

    private Optional<PeftAdapter.HostTensor> classifier() {
        return adapter.find(PeftNames.saved(base.description().names().head(Module.CLASSIFIER), "weight"));
    }

    /**
     * Returns true if the adapter was trained to predict tokens: according to its file, otherwise according to the
     * heads of the adapter and the checkpoint.
     */
    boolean predictsTokens() {
        if (PeftConfig.CLASSIFICATION_TASK.equals(adapter.taskType())) {
            return false;
        }
        boolean classifies = base.storedLabels().isPresent() || classifier().isPresent();
        return PeftConfig.LANGUAGE_MODEL_TASK.equals(adapter.taskType())
                || !classifies && base.description().names().has(Module.LANGUAGE_MODEL);
    }

    float[] of(TrainableTensor slot) {
        Optional<String> name = named(slot).findFirst();
        if (name.isEmpty() && slot.optional()) {
            lacking.add(slot.name().substring(PeftNames.PREFIX.length()));
            return slot.initial().get();
        }
        PeftAdapter.HostTensor tensor = name.flatMap(adapter::find)
                .orElseThrow(() -> new UserException(
                        "The adapter %s has no tensor %s, which its settings and %s ask for; it was made for another model."
                                .formatted(
                                        adapter.origin(),
                                        slot.name(),
                                        base.checkpoint().folder())));
        if (!Arrays.equals(tensor.shape(), slot.shape())) {
            throw new UserException(
                    "The adapter %s holds %s with the shape %s, but its settings and %s ask for %s; it was made for another model or rank."
                            .formatted(
                                    adapter.origin(),
                                    name.get(),
                                    Arrays.toString(tensor.shape()),
                                    base.checkpoint().folder(),
                                    Arrays.toString(slot.shape())));
        }
        named(slot).filter(other -> isEqual(other, tensor)).forEach(unused::remove);
        adapter.requireFinite(name.get());
        return tensor.values();
    }

    private Stream<String> named(TrainableTensor slot) {
        return Stream.concat(Stream.of(slot.name()), slot.others().stream())
                .flatMap(this::spellings)
                .filter(adapter.tensors()::containsKey);
    }

    /** Returns true for a tensor with these values: the same one, or the same under the name of another version. */
    private boolean isEqual(String name, PeftAdapter.HostTensor tensor) {
        return adapter.find(name)
                .filter(other ->
                        Arrays.equals(other.shape(), tensor.shape()) && Arrays.equals(other.values(), tensor.values()))
                .isPresent();
    }

    /**
     * Takes the frozen weight of a module as used if it is the base model's. PEFT writes it
     * ({@code save_embedding_layers}) and would load it into the base model.
     */
    private void requireCopies(String module, Supplier<Tensor> own) {
        List<String> copies = Stream.of(PeftNames.BASE_LAYER, "")
                .flatMap(layer -> spellings(PeftNames.saved(module + layer, "weight")))
                .filter(unused::contains)
                .toList();
        for (String name : copies) {
            PeftAdapter.@Nullable HostTensor copy = adapter.tensors().get(name);
            if (copy == null || !isCopy(copy, own.get())) {
                throw new UserException(
                        "The adapter %s holds %s with other values or another shape than %s, which Layerwise keeps frozen; take the base model in the precision in which the adapter was trained, or merge the adapter into it with PEFT."
                                .formatted(
                                        adapter.origin(),
                                        name,
                                        base.checkpoint().folder()));
            }
            unused.remove(name);
        }
    }

    /** Returns true if a tensor has the values of another when it is stored in the type of that. */
    private boolean isCopy(PeftAdapter.HostTensor copy, Tensor own) {
        return Arrays.equals(copy.shape(), own.shape())
                && Arrays.equals(
                        base.engine()
                                .of(copy.values(), copy.shape())
                                .cast(own.dtype())
                                .floats(),
                        own.floats());
    }

    /** Returns one sentence on the tensors that the model has and the adapter lacks; empty if there are none. */
    Optional<String> remark() {
        return lacking.isEmpty()
                ? Optional.empty()
                : Optional.of("The adapter %s lacks %s, so that of %s is used as it is."
                        .formatted(
                                adapter.origin(),
                                String.join(", ", lacking),
                                base.checkpoint().folder()));
    }

    /** Returns A and B of a module. */
    LowRankUpdate product(Linear target, int rank) {
        return new LowRankUpdate(
                stored(PeftNames.loraA(target.name()), rank, target.in()),
                stored(PeftNames.loraB(target.name()), target.out(), rank));
    }

    private Tensor stored(String name, long... shape) {
        float[] values = of(new TrainableTensor(name, List.of(), shape, () -> new float[0], false));
        return base.engine().of(values, shape).to(base.device());
    }

    /**
     * Returns the forms of a name that files may use: that of the model with its head, of the bare model, of older
     * versions.
     */
    private Stream<String> spellings(String name) {
        return base.description().names().inFiles(name.substring(PeftNames.PREFIX.length())).stream()
                .map(PeftNames.PREFIX::concat);
    }

    /**
     * Requires that each tensor of the adapter belongs to a module, or is a copy of the base model's token vectors or
     * output layer.
     *
     * @param head head with which the adapter was loaded
     * @throws UserException if a tensor does not
     */
    void requireAllUsed(OutputHead head) {
        try (Scope scope = base.engine().inference()) {
            String tokens = base.description().names().inBody(Module.TOKENS);
            requireCopies(tokens, () -> base.tensor(tokens + ".weight")
                    .cast(base.transformer().type()));
            if (head instanceof LanguageModelHead predictor) {
                requireCopies(predictor.output().name(), predictor.output()::matrix);
            }
        }
        if (unused.isEmpty()) {
            return;
        }
        String name = unused.first();
        if (name.contains("vision_tower") || name.contains("multi_modal_projector")) {
            throw new UserException(
                    "The adapter %s trains what sees images (%s), which Layerwise keeps frozen; take one of the language model only."
                            .formatted(adapter.origin(), name));
        }
        throw new UserException("The adapter %s holds %s, which belongs to no module of %s that its settings name."
                .formatted(adapter.origin(), name, base.checkpoint().folder()));
    }
}
