package org.layerwise.lora;

import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.layerwise.model.layer.Linear;
import org.layerwise.tensor.DType;
import org.layerwise.tensor.Scope;
import org.layerwise.tensor.Tensor;

/** Makes the adapter of one linear module. */
final class AdapterMaker {

    private final TrainedTensors trained;
    private final LoraConfig config;
    private final ModuleChoice choice;
    private final long seed;
    private final @Nullable PeftAdapter principal;

    /**
     * @param seed of A
     * @param principal an adapter whose A and B are the principal part that PiSSA takes out; null to find it in the weight
     */
    AdapterMaker(
            TrainedTensors trained,
            LoraConfig config,
            ModuleChoice choice,
            long seed,
            @Nullable PeftAdapter principal) {
        this.trained = trained;
        this.config = config;
        this.choice = choice;
        this.seed = seed;
        this.principal = principal;
    }

    /** @param target with the bias in force */
    ModuleAdapter of(Linear target) {
        String module = target.name();
        int rank = choice.rank(module);
        double scale = choice.scale(module);
        try (Scope scope = trained.base().engine().scope()) {
            Product start = start(target, rank, scale);
            Product product = product(target, rank, start);
            Tensor bias = config.details().biasOnB()
                    ? trained.tensor(
                            new Slot(
                                    PeftNames.biasOfB(module),
                                    List.of(),
                                    new long[] {target.out()},
                                    () -> new float[target.out()],
                                    false),
                            false)
                    : null;
            LoraAdapter lora = new LoraAdapter(product, start, bias, scale, 0);
            return config.variant().decomposed() ? decomposed(target, lora) : lora;
        }
    }

    private Product product(Linear target, int rank, @Nullable Product start) {
        String nameOfA = PeftNames.loraA(target.name());
        Supplier<float[]> a = start == null
                ? () -> kaimingUniform(rank, target.in(), seed ^ nameOfA.hashCode())
                : start.a()::floats;
        Supplier<float[]> b = start == null ? () -> new float[target.out() * rank] : start.b()::floats;
        return new Product(
                matrix(nameOfA, a, rank, target.in()),
                matrix(PeftNames.loraB(target.name()), b, target.out(), rank));
    }

    private Tensor matrix(String name, Supplier<float[]> initial, long rows, long columns) {
        return trained.tensor(new Slot(name, List.of(), new long[] {rows, columns}, initial, false), true);
    }

    private @Nullable Product start(Linear target, int rank, double scale) {
        if (!(config.variant().initialisation() instanceof Initialisation.Pissa pissa)) {
            return null;
        }
        Product start = principal == null
                ? new PrincipalPart(trained.base().engine(), pissa.iterations())
                        .of(target.name(), target.weight(), rank, scale)
                : new StoredValues(trained.base(), principal).product(target, rank);
        return new Product(
                trained.owner().adopt(start.a()), trained.owner().adopt(start.b()));
    }

    private DoraAdapter decomposed(Linear target, LoraAdapter lora) {
        String name = PeftNames.magnitude(target.name());
        Supplier<float[]> norms =
                () -> DoraAdapter.norms(lora.merged(target.weight().cast(DType.F32))).floats();
        Tensor magnitude = trained.tensor(
                new Slot(name, List.of(name + ".weight"), new long[] {target.out()}, norms, false),
                true);
        return new DoraAdapter(trained.base().engine(), target, lora, magnitude);
    }

    // drawn on the host, so that a seed gives the same adapter on every device
    private static float[] kaimingUniform(int rank, int in, long seedOfTensor) {
        Random random = new Random(seedOfTensor);
        double bound = 1 / Math.sqrt(in);
        float[] values = new float[rank * in];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) ((2 * random.nextDouble() - 1) * bound);
        }
        return values;
    }
}
