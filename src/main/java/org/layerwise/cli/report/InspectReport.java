package org.layerwise.cli.report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.layerwise.cli.console.TextTable;
import org.layerwise.study.model.ModelCard;
import org.layerwise.study.model.ModelInspection;
import org.layerwise.study.model.ModelOutline;

/**
 * Output of {@code inspect}.
 *
 * @param outline outline of the model
 * @param all true to show also layers that are equal to the layer before
 */
public record InspectReport(ModelOutline outline, boolean all) {

    public List<String> lines() {
        List<String> lines = new ArrayList<>(head());
        lines.add("");
        TextTable table = TextTable.of(">layer", "module", "shape", "type", ">parameters");
        for (TensorBlock block : TensorBlock.of(outline.inspection().rows(), all)) {
            block.addTo(table);
        }
        lines.addAll(table.lines());
        lines.add("");
        lines.addAll(totals());
        list(lines, "Missing, although the model needs it", outline.inspection().missing());
        list(lines, "Unused", outline.inspection().unused());
        return lines;
    }

    private List<String> head() {
        ModelCard card = outline.card();
        return List.of(
                "%s: %s (%s), %s of width %s, %s heads, vocabulary of %s"
                        .formatted(
                                card.name(),
                                card.family(),
                                kind(card),
                                layers(card.layers()),
                                card.hiddenSize(),
                                card.heads(),
                                number(card.vocabularySize())),
                "positions: %s; the %s token stands for a row"
                        .formatted(outline.positions(), card.defaultPosition().id()),
                "tokenizer: " + (card.hasTokenizer() ? "yes" : "no, only pre-tokenised data can be read"),
                "LoRA targets by default: " + String.join(", ", card.targetModules()));
    }

    private static String kind(ModelCard card) {
        return switch (card.kind()) {
            case ENCODER -> "encoder";
            case DECODER -> "decoder";
            case VISION -> "decoder that sees images";
        };
    }

    private List<String> totals() {
        ModelInspection inspection = outline.inspection();
        long[] byLayer = IntStream.range(0, outline.card().layers())
                .mapToLong(inspection::parametersOf)
                .toArray();
        long least = Arrays.stream(byLayer).min().orElse(0);
        long most = Arrays.stream(byLayer).max().orElse(0);
        long inLayers = Arrays.stream(byLayer).sum();
        String types = new TreeMap<>(inspection.parametersByType())
                .entrySet().stream()
                        .map(entry -> number(entry.getValue()) + " " + entry.getKey())
                        .collect(Collectors.joining(", "));
        String typed = inspection.parametersByType().size() == 1 ? "all " + types.replaceFirst(".* ", "") : types;
        List<String> lines = new ArrayList<>(List.of(
                "parameters: " + number(inspection.parameters()) + (typed.isEmpty() ? "" : ", " + typed),
                "of these in %s: %s, %s in each"
                        .formatted(
                                layers(byLayer.length),
                                number(inLayers),
                                least == most ? number(least) : number(least) + " to " + number(most))));
        inspection.quantized().ifPresent(weights -> {
            lines.add(String.format(
                    Locale.ROOT,
                    "quantised: %s parameters in %s, %.2f bits each with their scales",
                    number(weights.parameters()),
                    String.join(" and ", weights.formats()),
                    weights.bits()));
            lines.add("matrices that are not quantised: " + String.join(", ", weights.others()));
        });
        return lines;
    }

    private static void list(List<String> lines, String title, List<String> names) {
        if (names.isEmpty()) {
            lines.add(title + ": none");
            return;
        }
        lines.add("%s: %s".formatted(title, names.size()));
        names.forEach(name -> lines.add("  " + name));
    }

    private static String layers(int count) {
        return count == 1 ? "1 layer" : count + " layers";
    }

    static String number(long value) {
        return String.format(Locale.ENGLISH, "%,d", value);
    }
}
