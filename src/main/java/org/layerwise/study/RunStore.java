package org.layerwise.study;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.layerwise.base.UserException;
import org.layerwise.base.WholeFiles;
import org.layerwise.base.Yaml;

/**
 * A folder of runs, each in a folder of its own. Nothing is remembered: whoever asks reads what is on the disk.
 *
 * @param folder need not exist
 */
public record RunStore(Path folder) {

    /** Runs of people who gave no folder. */
    public static RunStore of(AppFolders folders) {
        return new RunStore(folders.runs());
    }

    /**
     * All runs in the folder and in folders of it, the oldest first; the folder itself may be a run, too.
     *
     * @param remark hears of a run that cannot be read, which is left out
     * @throws UserException if the folder cannot be read
     */
    public List<Run> runs(Consumer<String> remark) {
        List<Run> runs = new ArrayList<>();
        for (Path path : folders()) {
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

    /** Runs whose process ended without a word, the oldest first: those to offer for resuming. */
    public List<Run> interrupted() {
        return runs(remark -> {}).stream()
                .filter(run -> run.state() == RunState.INTERRUPTED)
                .toList();
    }

    /** A folder for a run of that name, which nothing has yet. */
    public Path unused(String name) {
        return WholeFiles.numbered(folder, name);
    }

    /**
     * Puts a run that waits for its turn into a folder: if the process ends before, it is found as interrupted.
     *
     * @throws UserException if the folder cannot be written, or holds something
     */
    public static void queue(Path folder, ModelSettings model, DataSettings data, TrainingSettings settings) {
        requireNoRun(folder, "choose another folder");
        WholeFiles.requireWritableFolder(folder);
        WholeFiles.writeString(
                folder.resolve(RunConfig.NAME),
                Yaml.write(RunConfig.fromEverywhere(Replay.train(
                                model, data, settings, folder.toAbsolutePath().normalize())
                        .flags())));
        RunFile.queue(folder, model.model(), data.data(), settings.adapter().layersReason());
    }

    /**
     * Makes sure that a new run replaces nothing.
     *
     * @param wayOut what else can be done, for the message
     * @throws UserException if a folder holds a run, or files or folders of others where a run would have its own
     */
    public static void requireNoRun(Path folder, String wayOut) {
        Stream.concat(Stream.of(RunFile.NAME), RunFiles.WRITTEN.stream().sorted())
                .filter(name -> !name.equals(RunLock.FILE)) // which a start that was refused may have left
                .filter(name -> Files.exists(folder.resolve(name)))
                .findFirst()
                .ifPresent(name -> {
                    throw new UserException(
                            "There is %s in %s already; %s.".formatted(words(folder, name), folder, wayOut));
                });
    }

    private static String words(Path folder, String name) {
        if (name.equals(RunFile.NAME)) {
            return "a run";
        }
        return "a %s \"%s\"".formatted(Files.isDirectory(folder.resolve(name)) ? "folder" : "file", name);
    }

    private List<Path> folders() {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        if (Run.isRun(folder)) {
            return List.of(folder);
        }
        try (Stream<Path> found = Files.walk(folder, 3)) {
            return found.filter(Run::isRun).toList();
        } catch (IOException e) {
            throw new UserException("Cannot read %s: %s.".formatted(folder, WholeFiles.reason(e)), e);
        }
    }
}
