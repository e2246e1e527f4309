package org.layerwise.study.training;

import java.io.File;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;

/** Prefixes of the metrics of validation files: {@code eval} for the first, {@code eval_NAME} for each further one. */
final class MetricPrefixes {

    private static final String FIRST = "eval";

    private MetricPrefixes() {}

    /**
     * Returns a prefix for each location, all different. A further file is named by its name up to the first dot; if
     * others have the same, by its folder too; otherwise by a number, as if its name has no ASCII letter or digit.
     */
    static List<String> prefixes(List<String> locations) {
        List<String> names =
                locations.stream().skip(1).map(MetricPrefixes::name).toList();
        List<String> withFolders = IntStream.range(0, names.size())
                .mapToObj(i -> repeated(names, i) ? withFolder(locations.get(i + 1), names.get(i)) : names.get(i))
                .toList();
        List<String> prefixes = new ArrayList<>();
        for (int i = 0; i < locations.size(); i++) {
            if (i == 0) {
                prefixes.add(FIRST);
            } else {
                String name = repeated(withFolders, i - 1) ? names.get(i - 1) : withFolders.get(i - 1);
                prefixes.add(unused(name.isEmpty() ? FIRST : FIRST + "_" + name, prefixes));
            }
        }
        return prefixes;
    }

    private static boolean repeated(List<String> names, int index) {
        return names.get(index).isEmpty() || Collections.frequency(names, names.get(index)) > 1;
    }

    /** Returns a prefix, with a number from 2 behind it if it is taken. */
    private static String unused(String prefix, List<String> taken) {
        String free = prefix;
        for (int number = 2; taken.contains(free); number++) {
            free = prefix + "_" + number;
        }
        return free;
    }

    private static String withFolder(String location, String name) {
        File folder = new File(location).getAbsoluteFile().getParentFile();
        String letters = folder == null ? "" : letters(folder.getName());
        return name.isEmpty() || letters.isEmpty() ? name : letters + "_" + name;
    }

    private static String name(String location) {
        String file = new File(location).getName();
        return file.contains("mismatched") ? "mismatched" : letters(file.replaceAll("\\..*", ""));
    }

    /** Returns a text with an underscore for all characters between ASCII letters and digits; empty if it has none. */
    private static String letters(String text) {
        String letters = text.replaceAll("[^A-Za-z0-9]+", "_");
        return letters.equals("_") ? "" : letters;
    }
}
