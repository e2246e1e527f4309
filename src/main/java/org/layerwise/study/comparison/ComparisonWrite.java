package org.layerwise.study.comparison;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.layerwise.base.UserException;
import org.layerwise.base.WholeFiles;
import org.layerwise.study.AnalysisFolder;

/**
 * Replaces the comparison in a folder by another one, all files or none. The folder may hold other files; those of an analysis or
 * of somebody else are never replaced.
 *
 * @param folder need not exist
 */
public record ComparisonWrite(Path folder) {

    private static final Pattern NAMES = Pattern.compile(
            "(importance|agreement|difference)\\.csv|selection\\.json|difference-heatmap\\.png|cross-(similarity|heatmap)(-[a-z-]+)?\\.(csv|png)");

    /** One of them is in the folder of every comparison. */
    private static final List<String> MARKS = List.of("agreement.csv", "cross-similarity.csv");

    private static final String READY = ".comparison";

    /**
     * Makes sure, before long work starts, that a comparison can be written.
     *
     * @throws UserException if it cannot, or files of others would be replaced
     */
    public void check() {
        WholeFiles.checkWritableFolder(folder);
        if (!Files.isDirectory(folder)) {
            return;
        }
        if (AnalysisFolder.isOne(folder)) {
            throw new UserException(
                    "There is an analysis in %s, with which a comparison would be mixed; name another folder with --out."
                            .formatted(folder));
        }
        if (MARKS.stream().noneMatch(name -> Files.exists(folder.resolve(name)))) {
            names(folder).stream().findFirst().ifPresent(name -> {
                throw new UserException(
                        "%s is no file of an earlier comparison, and would be replaced; rename it, or name another folder with --out."
                                .formatted(folder.resolve(name)));
            });
        }
    }

    /**
     * Writes the new comparison; files of the earlier one that the new one has not are deleted.
     *
     * @param files writes all its files into a folder
     * @throws UserException if a file cannot be written; then the earlier comparison is as it was
     */
    public void replace(Consumer<Path> files) {
        check();
        WholeFiles.requireWritableFolder(folder);
        Path ready = folder.resolve(READY);
        WholeFiles.writeFolder(ready, files::accept);
        try {
            for (String name : names(folder)) {
                if (!Files.exists(ready.resolve(name))) {
                    Files.delete(folder.resolve(name));
                }
            }
            for (String name : names(ready)) {
                Files.move(ready.resolve(name), folder.resolve(name), StandardCopyOption.REPLACE_EXISTING);
            }
        } catch (IOException e) {
            throw new UserException("Cannot write into %s: %s.".formatted(folder, WholeFiles.reason(e)), e);
        }
        WholeFiles.deleteFolder(ready);
    }

    private static List<String> names(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> NAMES.matcher(name).matches())
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UserException("Cannot read the folder %s: %s.".formatted(folder, WholeFiles.reason(e)), e);
        }
    }
}
