package org.layerwise.lora;

import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.UserException;
import org.layerwise.lora.TrainedTensors.TrainableTensor;
import org.layerwise.model.TransformerModel;
import org.layerwise.model.layer.Linear;
import org.layerwise.tensor.DType;
import org.layerwise.tensor.Device;
import org.layerwise.tensor.Scope;
import org.layerwise.tensor.Tensor;
import org.layerwise.tensor.TensorEngine;

/**
 * Makes the adapter of one linear module.
 *
 * @param seed seed of A
 */
record AdapterMaker(TrainedTensors trained, LoraConfig config, ModuleMatcher choice, long seed, Start start) {

    /** Source of what PiSSA, OLoRA and LoRA-GA take out of a weight. */
    sealed interface Start {

        /** Part of the weight, for a newly initialised adapter; nothing yet for LoRA-GA. */
        record Fresh() implements Start {}

        /**
         * Part of the weight, computed again for an adapter that was trained.
         *
         * @param origin source of the adapter, for messages
         */
        record Stored(String origin) implements Start {}

        /** Product of the A and B of an initial adapter. */
        record Kept(PeftAdapter adapter) implements Start {}
    }

    /** @param target linear map with the bias in force */
    ModuleAdapter of(Linear target) {
        String module = target.name();
        int rank = choice.rank(module);
        if (config.variant().sharded()) {
            return miss(target, rank);
        }
        double scale = choice.scale(module);
        try (Scope scope = trained.base().engine().scope()) {
            LowRankUpdate part = start instanceof Start.Fresh ? freshPart(target, rank, scale) : null;
            LowRankUpdate product = product(target, rank, part);
            LowRankUpdate principal = part == null ? taken(target, product, rank, scale) : part;
            Tensor bias = config.details().biasOnB()
                    ? trained.tensor(
                            new TrainableTensor(
                                    PeftNames.biasOfB(module),
                                    List.of(),
                                    new long[] {target.out()},
                                    () -> new float[target.out()],
                                    false),
                            false)
                    : null;
            LoraAdapter lora = new LoraAdapter(product, principal, bias, scale, 0);
            return config.variant().decomposed() ? decomposed(target, lora) : lora;
        }
    }

    /** Returns a new adapter of MiSS, which starts from zeros. */
    private MissAdapter miss(Linear target, int rank) {
        if (rank > target.in()) {
            throw new UserException("MiSS needs a rank of at most %s for %s, not %s; lower it."
                    .formatted(target.in(), target.name(), rank));
        }
        if (trained.base().description().names().turned()) {
            throw new UserException(
                    "%s stores its linear modules turned, for which PEFT has no MiSS; choose --variant lora."
                            .formatted(trained.base().checkpoint().name()));
        }
        int out = target.out();
        String name = PeftNames.missBlock(target.name());
        return new MissAdapter(trained.base().engine(), matrix(name, () -> new float[rank * out], rank, out), 0);
    }

    private LowRankUpdate product(Linear target, int rank, @Nullable LowRankUpdate start) {
        String nameOfA = PeftNames.loraA(target.name());
        Supplier<float[]> a =
                start == null ? () -> kaimingUniform(rank, target.in(), seed ^ nameOfA.hashCode()) : start.a()::floats;
        Supplier<float[]> b = start == null ? () -> new float[target.out() * rank] : start.b()::floats;
        return new LowRankUpdate(
                matrix(nameOfA, a, rank, target.in()), matrix(PeftNames.loraB(target.name()), b, target.out(), rank));
    }

    private Tensor matrix(String name, Supplier<float[]> initial, long rows, long columns) {
        return trained.tensor(new TrainableTensor(name, List.of(), new long[] {rows, columns}, initial, false), true);
    }

    /** @throws UserException if a start cannot be taken out of the weights of the model */
    private void requirePossible(Initialisation.TakenOut initialisation) {
        TransformerModel base = trained.base();
        if (base.blueprint().isQuantized()) {
            throw initialisation.refusedOn(
                    base.checkpoint().folder(),
                    start instanceof Start.Fresh
                            ? "use --variant lora, or a checkpoint in 16 or 32 bits without --quantize"
                            : "convert the adapter with convert-adapter on the checkpoint in 16 or 32 bits that it"
                                    + " was trained on, or open that one without --quantize");
        }
        if (base.description().names().turned()) {
            initialisation.requireUpright(base.checkpoint().name());
        }
    }

    /** Returns the part of the weight that a new adapter starts from; null if it starts from something else. */
    private @Nullable LowRankUpdate freshPart(Linear target, int rank, double scale) {
        if (!(config.variant().initialisation() instanceof Initialisation.FromWeight initialisation)) {
            return null;
        }
        requirePossible(initialisation);
        return owned(initialisation.part(trained.base().engine()).of(target.name(), target.matrix(), rank, scale));
    }

    /**
     * Returns what was taken out of the weight of an adapter: the initial adapter if there is one, or else the part of the
     * weight. An adapter that is not trained yet is that part itself, to the last bit. Nothing is taken out yet for a new
     * adapter that does not start from the weight; null if its variant never takes something out.
     *
     * @throws UserException if a start that the weight does not determine is not known
     */
    private @Nullable LowRankUpdate taken(Linear target, LowRankUpdate product, int rank, double scale) {
        if (!(config.variant().initialisation() instanceof Initialisation.TakenOut initialisation)) {
            return null;
        }
        requirePossible(initialisation);
        return owned(taken(initialisation, target, product, rank, scale));
    }

    private LowRankUpdate taken(
            Initialisation.TakenOut initialisation, Linear target, LowRankUpdate product, int rank, double scale) {
        if (start instanceof Start.Kept kept) {
            return new StoredAdapterTensors(trained.base(), kept.adapter()).product(target, rank);
        }
        TensorEngine engine = trained.base().engine();
        if (!(initialisation instanceof Initialisation.FromWeight fromWeight)) {
            if (start instanceof Start.Stored stored) {
                throw new UserException(
                        "%s was trained by %s, whose start is not in its files; convert it with convert-adapter --initial, which asks for the adapter before its training."
                                .formatted(stored.origin(), initialisation.title()));
            }
            Device device = trained.base().device();
            return new LowRankUpdate(
                    engine.zeros(DType.F32, device, rank, target.in()),
                    engine.zeros(DType.F32, device, target.out(), rank));
        }
        WeightPart part = fromWeight.part(engine);
        return part.holds(target.matrix(), product, scale)
                ? new LowRankUpdate(product.a().copy(), product.b().copy())
                : part.of(target.name(), target.matrix(), rank, scale);
    }

    private LowRankUpdate owned(LowRankUpdate product) {
        return new LowRankUpdate(
                trained.owner().adopt(product.a()), trained.owner().adopt(product.b()));
    }

    private DoraAdapter decomposed(Linear target, LoraAdapter lora) {
        String name = PeftNames.magnitude(target.name());
        Supplier<float[]> norms = () ->
                DoraAdapter.norms(lora.merged(target.matrix().cast(DType.F32))).floats();
        Tensor magnitude = trained.tensor(
                new TrainableTensor(name, List.of(name + ".weight"), new long[] {target.out()}, norms, false), true);
        return new DoraAdapter(trained.base().engine(), lora, magnitude);
    }

    // drawn on the host, so that a seed gives equal adapters on every device
    static float[] kaimingUniform(int rank, int in, long seedOfTensor) {
        Random random = new Random(seedOfTensor);
        double bound = 1 / Math.sqrt(in);
        float[] values = new float[rank * in];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) ((2 * random.nextDouble() - 1) * bound);
        }
        return values;
    }
}
