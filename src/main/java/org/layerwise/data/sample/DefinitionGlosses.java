package org.layerwise.data.sample;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.layerwise.data.sample.BalancedSplit.Example;

/**
 * Glosses of WordNet 3.1's nouns with their lexicographer class, for the task "Which kind of thing does this definition
 * define". By wndb(5WN), the second field of a line of {@code data.noun} is the class, and the gloss follows the bar.
 */
final class DefinitionGlosses {

    /** Names of the classes by label. */
    static final List<String> NAMES =
            List.of("act", "animal", "artifact", "attribute", "food", "location", "person", "plant");

    private static final List<String> FILES = List.of("04", "05", "06", "07", "13", "15", "18", "20");

    private static final String GLOSS = "| ";
    private static final int FILE_START = 9;

    private DefinitionGlosses() {}

    /**
     * Reads the glosses of {@code data.noun} in file order, up to the first {@code "; "}, which separates a gloss from
     * examples of use.
     */
    static List<Example> read(InputStream dataNoun) throws IOException {
        List<Example> glosses = new ArrayList<>();
        BufferedReader reader = new BufferedReader(new InputStreamReader(dataNoun, StandardCharsets.UTF_8));
        for (String line = reader.readLine(); line != null; line = reader.readLine()) {
            if (line.startsWith("  ")) {
                continue; // line of the licence
            }
            int label = FILES.indexOf(line.substring(FILE_START, FILE_START + 2));
            int start = line.indexOf(GLOSS);
            if (label < 0 || start < 0) {
                continue;
            }
            int end = line.indexOf("; ", start);
            String gloss = line.substring(start + GLOSS.length(), end < 0 ? line.length() : end);
            glosses.add(new Example(gloss.strip(), label));
        }
        return glosses;
    }

    /**
     * Returns every text once, without texts that define things of several classes, since no label would be right for
     * them.
     */
    static List<List<Example>> unambiguous(List<Example> glosses) {
        Map<String, Integer> labels = new LinkedHashMap<>();
        for (Example gloss : glosses) {
            labels.merge(gloss.text(), gloss.label(), (one, other) -> one.equals(other) ? one : Integer.valueOf(-1));
        }
        List<List<Example>> groups = new ArrayList<>();
        labels.forEach((text, label) -> {
            if (label >= 0 && !text.isEmpty()) {
                groups.add(List.of(new Example(text, label)));
            }
        });
        return groups;
    }
}
