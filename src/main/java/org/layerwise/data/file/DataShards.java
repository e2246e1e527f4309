package org.layerwise.data.file;

import java.nio.file.Path;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.layerwise.base.UserException;

/** Files of a folder that hold the rows of one part together, such as {@code train-00000-of-00002.parquet}. */
final class DataShards {

    /** Matches the number of a shard, and the hash that HuggingFace's datasets may add. */
    private static final Pattern NUMBERED = Pattern.compile("-(\\d{5})-of-(\\d{5})(?:-[0-9a-f]{16})?");

    private static final Pattern DIGITS = Pattern.compile("[0-9]+");

    private DataShards() {}

    /**
     * Makes sure that files are shards of one set: their names differ in numbers only, and no shard is missing.
     *
     * @throws UserException if they are not
     */
    static void requireOneSet(List<Path> files) {
        for (Path file : files) {
            if (!stem(file).equals(stem(files.get(0)))) {
                throw new UserException(
                        "%s and %s in %s are both named after one part, but not as its shards; name one of them, or both with a pattern."
                                .formatted(files.get(0).getFileName(), file.getFileName(), file.getParent()));
            }
        }
        requireComplete(files);
    }

    private static String stem(Path file) {
        String name = NUMBERED.matcher(Gzip.plainName(file)).replaceAll("");
        return DIGITS.matcher(name).replaceAll("0");
    }

    /**
     * Makes sure that there are as many shards as the names say, each once.
     *
     * @throws UserException if there are not
     */
    static void requireComplete(List<Path> files) {
        SortedSet<Integer> there = new TreeSet<>();
        for (Path file : files) {
            Matcher shard = NUMBERED.matcher(file.getFileName().toString());
            if (shard.find()) {
                int count = Integer.parseInt(shard.group(2));
                boolean again = !there.add(Integer.parseInt(shard.group(1)));
                if (again || count != files.size()) {
                    throw new UserException(
                            "%s is one of %s files by its name, but %s has %s; complete the folder, or name the files that count with a pattern."
                                    .formatted(file.getFileName(), count, file.getParent(), files.size()));
                }
            }
        }
    }
}
