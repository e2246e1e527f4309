package org.layerwise.run;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import org.layerwise.base.Progress;
import org.layerwise.base.UserException;
import org.layerwise.base.file.AtomicFiles;
import org.layerwise.base.file.FileTree;
import org.layerwise.base.file.WritablePaths;
import org.layerwise.base.json.Yaml;
import org.layerwise.settings.DataSettings;
import org.layerwise.settings.EquivalentCommand;
import org.layerwise.settings.ModelSettings;
import org.layerwise.settings.TrainingSettings;

/**
 * Folder of runs, each in a subfolder. Nothing is cached: every call reads the disk.
 *
 * @param folder folder of the runs, which may not exist
 */
public record RunStore(Path folder) {

    /** Maximum number of levels of folders below the store's folder in which runs are found. */
    private static final int LEVELS = 3;

    /**
     * Reads all runs in the folder and its subfolders, up to three levels deep, the oldest first. The folder itself may
     * also be a run.
     *
     * @param remark receives a message for each run or folder that cannot be read, which is left out
     * @throws UserException if the store's folder cannot be read
     */
    public List<Run> runs(Consumer<String> remark) {
        List<Run> runs = new ArrayList<>();
        for (Path path : folders(remark)) {
            try {
                runs.add(Run.open(path));
            } catch (UserException e) {
                remark.accept(e.getMessage());
            }
        }
        runs.sort(Comparator.comparing(Run::created)
                .thenComparing(run -> run.folder().toString()));
        return List.copyOf(runs);
    }

    /**
     * Reads all runs as {@link #runs} does, and something of each of them.
     *
     * @param reader reads a run
     * @param remark receives a message for each run or folder that cannot be read, which is left out
     * @throws UserException if the store's folder cannot be read
     * @throws org.layerwise.base.CancelledException if the progress is cancelled
     */
    public <T> List<T> read(Function<Run, T> reader, Progress progress, Consumer<String> remark) {
        List<T> read = new ArrayList<>();
        for (Run run : runs(remark)) {
            progress.check();
            try {
                read.add(reader.apply(run));
            } catch (UserException e) {
                remark.accept(e.getMessage());
            }
        }
        return List.copyOf(read);
    }

    /**
     * Writes a queued run into a folder. If the process ends before the run starts, the run is found as interrupted.
     *
     * @throws UserException if the folder cannot be written, or already has files of a run
     */
    public static void queue(Path folder, ModelSettings model, DataSettings data, TrainingSettings settings) {
        requireNoRun(folder, "choose another folder");
        WritablePaths.requireFolder(folder);
        AtomicFiles.writeString(
                folder.resolve(RunConfig.NAME),
                Yaml.write(RunConfig.fromEverywhere(EquivalentCommand.train(
                                model, data, settings, folder.toAbsolutePath().normalize())
                        .flags())));
        RunFile.queue(folder, model.model(), data.data(), settings.layersReason());
    }

    /**
     * Checks that a new run replaces nothing.
     *
     * @param wayOut alternative for the user, for the message
     * @throws UserException if the folder holds a run, or files or folders with the names of a run's files
     */
    public static void requireNoRun(Path folder, String wayOut) {
        Stream.concat(Stream.of(RunFile.NAME), RunFileNames.WRITTEN.stream().sorted())
                .filter(name -> !name.equals(RunLock.FILE)) // a start that was refused may have left this file
                .filter(name -> Files.exists(folder.resolve(name)))
                .findFirst()
                .ifPresent(name -> {
                    throw new UserException(
                            "There is %s in %s already; %s.".formatted(words(folder, name), folder, wayOut));
                });
    }

    /** Deletes the files of a queued run that never started, and its folder if it is then empty; keeps other folders. */
    public static void forget(Path folder) {
        if (Run.isRun(folder)) {
            Run.open(folder).deleteQueued();
        }
    }

    private static String words(Path folder, String name) {
        if (name.equals(RunFile.NAME)) {
            return "a run";
        }
        return "a %s \"%s\"".formatted(Files.isDirectory(folder.resolve(name)) ? "folder" : "file", name);
    }

    private List<Path> folders(Consumer<String> remark) {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        if (Run.isRun(folder)) {
            return List.of(folder);
        }
        return FileTree.paths(folder, LEVELS, unread -> remark.accept(unread.getMessage())).stream()
                .filter(Run::isRun)
                .toList();
    }
}
