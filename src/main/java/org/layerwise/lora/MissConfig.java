package org.layerwise.lora;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.layerwise.base.UserException;

/** Keys of PEFT's {@code MissConfig} in {@code adapter_config.json}, beside those of all adapters. */
final class MissConfig {

    /** Kind of adapter in the file. */
    static final String TYPE = "MISS";

    private static final String START = "init_weights";
    private static final String DROPOUT = "miss_dropout";
    private static final String NARROW_RANK = "mini_r";
    private static final int DEFAULT_RANK = 64;

    private MissConfig() {}

    /**
     * Reads a file that describes MiSS.
     *
     * @throws UserException if it is another form of MiSS, whose blocks have other shapes or depend on the weights
     */
    static PeftConfig read(PeftValues values) {
        String start = values.word(START);
        if (!Set.of("true", "false").contains(start)) {
            throw new UserException(
                    "%s has %s = \"%s\", a form of MiSS that Layerwise does not support; train it with %s = true, or merge it into the base with PEFT."
                            .formatted(values.file(), START, start, START));
        }
        String bias = values.word("bias");
        if (!Set.of("none", "true").contains(bias)) {
            throw new UserException(
                    "%s has bias = \"%s\", but PEFT saves no biases with MiSS; set it to none, and the biases of the base are used."
                            .formatted(values.file(), bias));
        }
        int rank = values.positive("r", DEFAULT_RANK);
        return new PeftConfig(
                rank,
                rank,
                values.dropout(DROPOUT),
                values.modules("target_modules"),
                List.of(),
                PeftConfig.readLayers(values.file()).filter(named -> !named.isEmpty()),
                values.strings("layers_pattern"),
                values.modules("exclude_modules"),
                LoraVariant.MISS,
                Bias.NONE,
                Map.of(),
                Map.of(),
                values.strings("modules_to_save"),
                false,
                false,
                PeftConfig.wrapped(values.json().path("auto_mapping")),
                values.text("task_type"),
                PeftConfig.base(values));
    }

    /** Adds the keys of MiSS to a file. */
    static void add(ObjectNode json, double dropout) {
        json.put(PeftConfig.TYPE, TYPE);
        json.put(START, true);
        json.put(NARROW_RANK, 1);
        json.put(DROPOUT, dropout);
    }
}
