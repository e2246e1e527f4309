package org.layerwise.cli.report;

import java.util.ArrayList;
import java.util.List;
import org.layerwise.base.ByteSize;
import org.layerwise.cli.console.ConsoleProgress;
import org.layerwise.settings.ComputeType;
import org.layerwise.settings.ModelSettings;
import org.layerwise.study.model.MemoryNeed;
import org.layerwise.study.model.ModelCard;
import org.layerwise.study.model.ModelListener;

/**
 * Prints remarks about a model.
 *
 * @param progress progress that prints the remarks
 */
public record ModelNotes(ConsoleProgress progress) implements ModelListener {

    private static final int SHOWN = 3;

    @Override
    public void described(ModelSettings settings, ModelCard card) {
        lines(settings, card).forEach(progress::note);
    }

    @Override
    public void longRow(String data, int longest, int trained) {
        progress.note(
                "The longest row of %s has %s tokens, but the model was trained with at most %s; it may make little of longer rows."
                        .formatted(data, longest, trained));
    }

    @Override
    public void uncutRow(String data, int longest) {
        progress.note("The rows of %s are token ids, which are not cut; the longest has %s, whatever --max-length says."
                .formatted(data, longest));
    }

    @Override
    public void noted(String remark) {
        progress.note(remark);
    }

    /** Returns remarks of one sentence each; empty for a model that fits into memory and has no unused tensors. */
    static List<String> lines(ModelSettings settings, ModelCard card) {
        List<String> lines = new ArrayList<>();
        memory(card, lines);
        if (settings.type() == ComputeType.F16 && card.device().equals("cpu")) {
            lines.add(
                    "float16 is for GPUs; on the CPU the model computes in float32, and --dtype bf16 takes half of that.");
        }
        List<String> strange = card.strangeTensors();
        if (!strange.isEmpty()) {
            lines.add("%s unused in the files of %s: %s"
                    .formatted(
                            strange.size() == 1 ? "1 tensor is" : strange.size() + " tensors are",
                            card.name(),
                            some(strange)));
        }
        return lines;
    }

    private static void memory(ModelCard card, List<String> lines) {
        MemoryNeed memory = card.memory();
        if (!memory.byLayers() && !memory.wholeIsTight()) {
            return;
        }
        String takes = "%s takes %s in %s%s"
                .formatted(
                        card.name(),
                        ByteSize.of(memory.whole()),
                        card.dtype(),
                        memory.availableKnown() ? ", %s is free".formatted(ByteSize.of(memory.available())) : "");
        if (!memory.byLayers()) {
            lines.add(takes + ": that may be too much; --load layers uses it one layer at a time.");
        } else if (memory.layersAreTight()) {
            lines.add("%s: using one layer at a time, but even that takes %s, which may be too much."
                    .formatted(takes, ByteSize.of(memory.layers())));
        } else {
            lines.add(takes + ": using one layer at a time.");
        }
    }

    /** Returns the first names, separated by commas, and the number of the other names. */
    static String some(List<String> names) {
        String shown = String.join(", ", names.subList(0, Math.min(SHOWN, names.size())));
        return names.size() <= SHOWN ? shown + "." : "%s and %s more.".formatted(shown, names.size() - SHOWN);
    }
}
