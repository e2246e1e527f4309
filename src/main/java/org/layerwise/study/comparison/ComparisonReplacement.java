package org.layerwise.study.comparison;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.layerwise.base.Progress;
import org.layerwise.base.UserException;
import org.layerwise.base.file.AtomicFiles;
import org.layerwise.base.file.FileErrors;
import org.layerwise.base.file.FilesReplacement;
import org.layerwise.base.file.FolderNames;
import org.layerwise.base.file.SymbolicLinks;
import org.layerwise.base.file.WritablePaths;
import org.layerwise.base.json.Json;
import org.layerwise.run.FileHash;
import org.layerwise.selection.SelectionFile;
import org.layerwise.study.analysis.AnalysisFolder;

/**
 * Replaces the comparison in a folder by another one in a single step. The folder may contain other files; those of
 * an analysis or of other origin are never replaced. {@code comparison.json} lists the files of the comparison with
 * their hashes, so that a file which was added or changed later does not count as a file of the comparison.
 *
 * @param folder folder of the comparison, which need not exist
 */
public record ComparisonReplacement(Path folder) {

    private static final Pattern NAMES = Pattern.compile(
            "(importance|agreement|difference)\\.csv|selection\\.json|difference-heatmap\\.png|cross-(similarity|heatmap|map)(-[a-z-]+)?\\.(csv|png)");

    private static final String LIST = "comparison.json";
    private static final String FILES = "files";
    private static final String SELECTION = "selection.json";

    /**
     * Names of files of which every comparison contains at least one. They identify comparisons of earlier versions,
     * which have no list of files.
     */
    private static final List<String> MARKS = List.of("agreement.csv", "cross-similarity.csv");

    private static final FilesReplacement.Kind KIND = new FilesReplacement.Kind(
            "comparison",
            LIST,
            ".comparison",
            ".comparison.lock",
            name -> name.equals(LIST) || NAMES.matcher(name).matches());

    /**
     * Checks, before long work starts, that a comparison can be written.
     *
     * @throws UserException if it cannot be written, other files would be replaced, or one of the names is a symbolic
     *     link
     */
    public void check() {
        WritablePaths.checkFolder(folder);
        if (!Files.isDirectory(folder)) {
            return;
        }
        requireNoAnalysis();
        replacement().requireNoLinkAsLock();
        finish();
        requireNothingOfOthers();
    }

    private void requireNoAnalysis() {
        if (AnalysisFolder.isOne(folder)) {
            throw new UserException(
                    "There is an analysis in %s, with which a comparison would be mixed; name another folder with --out."
                            .formatted(folder));
        }
    }

    private void requireNothingOfOthers() {
        SymbolicLinks.requireNone(folder, names(folder));
        SymbolicLinks.requireNone(folder, List.of(LIST));
        Listed listed = listed();
        names(folder).stream().filter(name -> !owns(name, listed)).findFirst().ifPresent(name -> {
            throw new UserException(
                    "%s is no file of an earlier comparison, and would be replaced; rename it, or name another folder with --out."
                            .formatted(folder.resolve(name)));
        });
    }

    /**
     * Hashes of the files of a comparison.
     *
     * @param found false if an earlier version wrote no list
     * @param hashes SHA-256 hashes by file name; a name can have two in a list of an earlier version
     */
    private record Listed(boolean found, Map<String, Set<String>> hashes) {}

    /**
     * Reads the list of files.
     *
     * @throws UserException if the file is not such a list, and would be replaced
     */
    private Listed listed() {
        Path file = folder.resolve(LIST);
        if (!Files.exists(file)) {
            return new Listed(false, Map.of());
        }
        if (!(Json.read(file).path(FILES) instanceof ObjectNode files)) {
            throw new UserException(
                    "%s is not the list of an earlier comparison, and would be replaced; rename it, or name another folder with --out."
                            .formatted(file));
        }
        Map<String, Set<String>> hashes = new TreeMap<>();
        files.properties().forEach(one -> {
            Set<String> all = new TreeSet<>();
            one.getValue().forEach(hash -> all.add(hash.asText()));
            hashes.put(one.getKey(), all);
        });
        return new Listed(true, hashes);
    }

    private boolean owns(String name, Listed listed) {
        if (listed.found) {
            return listed.hashes.getOrDefault(name, Set.of()).contains(FileHash.sha256(folder.resolve(name)));
        }
        return NAMES.matcher(name).matches()
                && MARKS.stream().anyMatch(mark -> Files.exists(folder.resolve(mark)))
                && (!name.equals(SELECTION) || isConsensus(folder.resolve(name)));
    }

    private static boolean isConsensus(Path selection) {
        try {
            return ComparisonFolder.CONSENSUS.equals(
                    SelectionFile.read(selection).origin().measure());
        } catch (UserException e) {
            return false; // not a selection file of this program, so check() refuses it by its name
        }
    }

    /**
     * Writes the new comparison, and deletes files of the earlier one that the new one does not have.
     *
     * @param files writer of all files into a folder
     * @throws UserException if a file cannot be written; the earlier comparison is then unchanged
     * @throws org.layerwise.base.CancelledException if the progress is cancelled while another program or this one is
     *     writing
     */
    public void replace(AtomicFiles.Writer files, Progress progress) {
        requireNoAnalysis();
        replacement()
                .replace(
                        beside -> {
                            check();
                            files.write(beside);
                            writeList(beside);
                        },
                        written -> {
                            requireNothingOfOthers();
                            return names(folder);
                        },
                        progress);
    }

    /**
     * Moves the files of a comparison to their final locations if its writer was killed before it did so. Call this
     * before one of the files is read.
     *
     * @throws UserException if the folder cannot be written
     */
    void finish() {
        if (!AnalysisFolder.isOne(folder)) { // its files are not replaced
            replacement().finish();
        }
    }

    private FilesReplacement replacement() {
        return new FilesReplacement(folder, KIND);
    }

    private static void writeList(Path beside) {
        Map<String, Set<String>> hashes = new TreeMap<>();
        names(beside).forEach(name -> hashes.put(name, Set.of(FileHash.sha256(beside.resolve(name)))));
        ObjectNode json = Json.object();
        json.putObject(FILES).setAll((ObjectNode) Json.tree(hashes));
        Json.write(beside.resolve(LIST), json);
    }

    private static List<String> names(Path folder) {
        try {
            FolderNames there = FolderNames.of(folder);
            return there.all().stream()
                    .filter(name -> NAMES.matcher(there.plain(name)).matches())
                    .toList();
        } catch (IOException e) {
            throw new UserException("Cannot read the folder %s: %s.".formatted(folder, FileErrors.reason(e)), e);
        }
    }
}
