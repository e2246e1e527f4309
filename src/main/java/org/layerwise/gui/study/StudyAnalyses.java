package org.layerwise.gui.study;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.FileNames;
import org.layerwise.base.WholeFiles;
import org.layerwise.gui.session.AnalysisEntry;
import org.layerwise.gui.session.StudySession;
import org.layerwise.study.Analysis;
import org.layerwise.study.AnalysisFolder;
import org.layerwise.study.document.StudyDocument.AnalysisPart;
import org.layerwise.study.document.StudyFile;

/**
 * The analyses of a study on their way to its folder: those that are in memory only, or whose folder is gone, are written there; those
 * of the study that it was before (Save as) or of its copy for the case of a crash are copied; all others stay where they are. Each
 * gets a new folder: one that is there already may belong to an analysis that other studies name.
 */
final class StudyAnalyses {

    private final Map<Integer, Analysis> held;
    private final Path target;
    private final Predicate<Path> copied;

    private StudyAnalyses(Map<Integer, Analysis> held, Path target, Predicate<Path> copied) {
        this.held = held;
        this.target = target;
        this.copied = copied;
    }

    /**
     * To be called on the FX thread.
     *
     * @param was the study's file until now; null before it had one
     * @param is the file that is written
     * @param recovered says of a folder that it lies in the copy for the case of a crash, which does not stay
     */
    static StudyAnalyses of(StudySession session, @Nullable Path was, Path is, Predicate<Path> recovered) {
        Map<Integer, Analysis> held = new HashMap<>();
        session.analyses().forEach(entry -> held.put(entry.number(), entry.analysis()));
        Predicate<Path> before =
                was == null || was.equals(is) ? folder -> false : folder -> folder.startsWith(folder(was));
        return new StudyAnalyses(held, folder(is), before.or(recovered));
    }

    private static Path folder(Path study) {
        return StudyFile.files(study).resolve("analyses");
    }

    /** Writes and copies; off the FX thread. */
    List<AnalysisPart> write(List<AnalysisPart> parts) {
        List<AnalysisPart> placed = new ArrayList<>();
        for (AnalysisPart part : parts) {
            placed.add(new AnalysisPart(part.number(), place(part), part.model(), part.task()));
        }
        return placed;
    }

    private @Nullable Path place(AnalysisPart part) {
        Path folder = part.folder();
        boolean gone = folder == null || !AnalysisFolder.isOne(folder);
        Analysis analysis = gone ? held.get(part.number()) : null;
        if (analysis != null) {
            Path own = WholeFiles.numbered(target, name(part));
            AnalysisFolder.write(analysis, own);
            return own;
        }
        if (folder != null && copied.test(folder) && Files.isDirectory(folder)) {
            Path own = WholeFiles.numbered(target, name(part));
            WholeFiles.writeNewFolder(own, beside -> copy(folder, beside));
            return own;
        }
        return folder;
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.list(from)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Files.copy(file, to.resolve(file.getFileName().toString()));
            }
        }
    }

    private static String name(AnalysisPart part) {
        return FileNames.plain("%s-%s-%s".formatted(part.number(), part.model(), part.task()));
    }

    /** Lets the window know where its analyses are now; on the FX thread. */
    static void take(StudySession session, List<AnalysisPart> parts) {
        for (AnalysisPart part : parts) {
            for (AnalysisEntry entry : List.copyOf(session.analyses())) {
                if (entry.number() == part.number()
                        && part.folder() != null
                        && !part.folder().equals(entry.folder())) {
                    session.replace(entry, new AnalysisEntry(entry.number(), entry.analysis(), part.folder()));
                }
            }
        }
    }
}
