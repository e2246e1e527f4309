package org.layerwise.lora;

import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.layerwise.base.UserException;
import org.layerwise.model.LinearModule;
import org.layerwise.model.ModelBlueprint;

/**
 * Converts an adapter into plain LoRA. Of PiSSA, OLoRA or LoRA-GA, whose start was taken out of the base's weights, it makes an adapter for the unchanged
 * weights, as PEFT does with {@code path_initial_model_for_weight_conversion}: the change by training is
 * {@code B A - B0 A0}, the product of {@code [B, -B0]} and {@code [A; A0]}, of twice the rank. MiSS is LoRA of the same rank with a fixed A.
 */
public final class PlainLoraConversion {

    private PlainLoraConversion() {}

    /**
     * Returns the plain adapter of MiSS, as PEFT's {@code convert_to_lora} does: A adds up the shards of the input, B is
     * the transposed block, and the scale is 1. Modules that are trained in full are kept.
     *
     * @param miss adapter of MiSS
     * @param model model that it was made for
     * @throws UserException if a module of the adapter is none of the model's, or has another size there
     */
    public static PeftAdapter ofMiss(PeftAdapter miss, ModelBlueprint model) {
        Map<String, LinearModule> modules = new HashMap<>();
        model.linears().forEach(linear -> model.description()
                .names()
                .inFiles(linear.name())
                .forEach(name -> modules.put(PeftNames.missBlock(name), linear)));
        Map<String, PeftAdapter.HostTensor> tensors = new LinkedHashMap<>();
        miss.tensors().forEach((name, tensor) -> PeftNames.module(name, PeftNames.MISS_BLOCK)
                .ifPresentOrElse(
                        module -> {
                            int rank = miss.config().rank();
                            LinearModule linear = modules.get(name);
                            if (linear == null || !Arrays.equals(tensor.shape(), new long[] {rank, linear.out()})) {
                                throw new UserException(
                                        "The adapter %s has MiSS of the shape %s on %s, which %s does not have; name the model that it was made for."
                                                .formatted(
                                                        miss.origin(),
                                                        Arrays.toString(tensor.shape()),
                                                        module,
                                                        model.checkpoint().folder()));
                            }
                            tensors.put(
                                    PeftNames.loraA(module),
                                    new PeftAdapter.HostTensor(
                                            MissAdapter.sums(rank, linear.in()), new long[] {rank, linear.in()}));
                            tensors.put(PeftNames.loraB(module), transposed(tensor));
                        },
                        () -> tensors.put(name, tensor)));
        return new PeftAdapter(
                miss.origin(),
                miss.config().withVariant(LoraVariant.PLAIN),
                miss.taskType(),
                miss.modulesToSave(),
                miss.base(),
                tensors,
                miss.host());
    }

    private static PeftAdapter.HostTensor transposed(PeftAdapter.HostTensor matrix) {
        int rows = (int) matrix.shape()[0];
        int columns = (int) matrix.shape()[1];
        float[] values = new float[rows * columns];
        for (int row = 0; row < rows; row++) {
            for (int column = 0; column < columns; column++) {
                values[column * rows + row] = matrix.values()[row * columns + column];
            }
        }
        return new PeftAdapter.HostTensor(values, new long[] {columns, rows});
    }

    /**
     * Returns the plain adapter of PiSSA, OLoRA or LoRA-GA; the scale does not change. All other tensors, such as biases and modules that
     * are trained in full, are kept.
     *
     * @param trained adapter after its training
     * @param initial adapter before its training: A0 and B0
     * @throws UserException if the two adapters are not of one training
     */
    public static PeftAdapter of(PeftAdapter trained, PeftAdapter initial) {
        requireNotConverted(trained, initial);
        requireSameSettings(trained, initial);
        requirePrincipal(trained, initial);
        return difference(trained, initial);
    }

    /** Returns the plain adapter of an adapter and of its start, which are known to be of one training. */
    static PeftAdapter difference(PeftAdapter trained, PeftAdapter initial) {
        Map<String, PeftAdapter.HostTensor> tensors = new LinkedHashMap<>();
        trained.tensors().forEach((name, tensor) -> {
            if (name.endsWith(PeftNames.LORA_A)) {
                tensors.put(name, below(tensor, start(trained, initial, name, tensor)));
            } else if (name.endsWith(PeftNames.LORA_B)) {
                tensors.put(name, beside(tensor, start(trained, initial, name, tensor)));
            } else {
                tensors.put(name, tensor);
            }
        });
        return new PeftAdapter(
                trained.origin(),
                doubled(trained.config()),
                trained.taskType(),
                trained.modulesToSave(),
                trained.base(),
                tensors,
                trained.host());
    }

    private static LoraConfig doubled(LoraConfig config) {
        // alpha / r, or alpha / sqrt(r), must not change
        double more = config.variant().rankStabilised() ? Math.sqrt(2) : 2;
        Map<String, Integer> ranks = new LinkedHashMap<>();
        config.rankPattern().forEach((name, rank) -> ranks.put(name, 2 * rank));
        Map<String, Double> alphas = new LinkedHashMap<>();
        config.alphaPattern().forEach((name, alpha) -> alphas.put(name, more * alpha));
        return config.withSizes(2 * config.rank(), more * config.alpha(), ranks, alphas)
                .withVariant(config.variant().plainStart());
    }

    /**
     * Requires that the initial adapter is a part of the weights and that training changed it; the start of plain LoRA has B = 0.
     */
    private static void requirePrincipal(PeftAdapter trained, PeftAdapter initial) {
        boolean moved = false;
        boolean zero = true;
        for (Map.Entry<String, PeftAdapter.HostTensor> entry : trained.tensors().entrySet()) {
            String name = entry.getKey();
            if (!name.endsWith(PeftNames.LORA_A) && !name.endsWith(PeftNames.LORA_B)) {
                continue;
            }
            float[] start = start(trained, initial, name, entry.getValue()).values();
            moved |= !Arrays.equals(start, entry.getValue().values());
            if (name.endsWith(PeftNames.LORA_B)) {
                for (float value : start) {
                    zero &= value == 0;
                }
            }
        }
        if (zero) {
            throw new UserException(
                    "%s is the start of plain LoRA, not of PiSSA, OLoRA or LoRA-GA; an adapter that was trained from it is plain already."
                            .formatted(initial.origin()));
        }
        if (!moved) {
            throw new UserException(
                    "%s and %s hold the same adapter; name the trained one with --adapter, and with --initial what it was before its training."
                            .formatted(trained.origin(), initial.origin()));
        }
    }

    /** Refuses an adapter of the same modules whose rank is twice that of the start: a run by LoRA-GA writes that. */
    private static void requireNotConverted(PeftAdapter trained, PeftAdapter initial) {
        if (trained.config().variant().initialisation() instanceof Initialisation.Random
                && trained.config().rank() == 2 * initial.config().rank()
                && trained.adaptedModules().equals(initial.adaptedModules())) {
            throw new UserException("%s is plain LoRA already, of twice the rank of %s; use it as it is."
                    .formatted(trained.origin(), initial.origin()));
        }
    }

    private static void requireSameSettings(PeftAdapter trained, PeftAdapter initial) {
        LoraConfig one = trained.config();
        LoraConfig other = initial.config();
        if (one.rank() != other.rank()
                || one.alpha() != other.alpha()
                || one.variant().rankStabilised() != other.variant().rankStabilised()
                || !one.rankPattern().equals(other.rankPattern())
                || !one.alphaPattern().equals(other.alphaPattern())) {
            throw new UserException(
                    "%s has other ranks or alphas than %s; name the initial adapter of the same training."
                            .formatted(initial.origin(), trained.origin()));
        }
        long modules = modules(trained);
        if (modules != modules(initial)) {
            throw new UserException(
                    "%s has adapters on %s modules, %s on %s; name the initial adapter of the same training."
                            .formatted(initial.origin(), modules(initial), trained.origin(), modules));
        }
    }

    private static long modules(PeftAdapter adapter) {
        return adapter.tensors().keySet().stream()
                .filter(name -> name.endsWith(PeftNames.LORA_A))
                .count();
    }

    private static PeftAdapter.HostTensor start(
            PeftAdapter trained, PeftAdapter initial, String name, PeftAdapter.HostTensor tensor) {
        return initial.find(name)
                .filter(start -> Arrays.equals(start.shape(), tensor.shape()))
                .orElseThrow(() -> new UserException(
                        "%s has no %s of the shape %s, as %s has; name the initial adapter of the same training."
                                .formatted(initial.origin(), name, Arrays.toString(tensor.shape()), trained.origin())));
    }

    /** Returns {@code [A; A0]}. */
    private static PeftAdapter.HostTensor below(PeftAdapter.HostTensor a, PeftAdapter.HostTensor start) {
        float[] values = Arrays.copyOf(a.values(), 2 * a.values().length);
        System.arraycopy(start.values(), 0, values, a.values().length, a.values().length);
        return new PeftAdapter.HostTensor(values, new long[] {2 * a.shape()[0], a.shape()[1]});
    }

    /** Returns {@code [B, -B0]}. */
    private static PeftAdapter.HostTensor beside(PeftAdapter.HostTensor b, PeftAdapter.HostTensor start) {
        int rank = (int) b.shape()[1];
        float[] values = new float[2 * b.values().length];
        for (int i = 0; i < b.values().length; i++) {
            int place = i / rank * 2 * rank + i % rank;
            values[place] = b.values()[i];
            values[place + rank] = -start.values()[i];
        }
        return new PeftAdapter.HostTensor(values, new long[] {b.shape()[0], 2L * rank});
    }
}
