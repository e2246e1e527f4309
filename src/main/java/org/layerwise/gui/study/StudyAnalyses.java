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
import org.layerwise.base.file.AtomicFiles;
import org.layerwise.base.file.FileNames;
import org.layerwise.base.file.Folders;
import org.layerwise.gui.session.AnalysisEntry;
import org.layerwise.gui.session.StudySession;
import org.layerwise.study.analysis.Analysis;
import org.layerwise.study.analysis.AnalysisFolder;
import org.layerwise.study.document.StudyDocument.AnalysisPart;
import org.layerwise.study.document.StudyFile;

/**
 * Stores the analyses of a study in the folder of the study. Analyses that are only in memory, or whose folder does not
 * exist, are written. Analyses from the folder of the previous file (Save as) or from the recovery copy are copied. All
 * others stay in their folders. Each stored analysis gets a new folder, since an existing folder may belong to an
 * analysis that other studies refer to.
 *
 * @param held analyses in memory, by their numbers
 * @param target folder for the stored analyses
 * @param copied returns true for folders whose analyses are copied
 */
record StudyAnalyses(Map<Integer, Analysis> held, Path target, Predicate<Path> copied) {

    /**
     * Collects the analyses of a study. Must be called on the FX thread.
     *
     * @param was previous file of the study; null before it had one
     * @param is file to write
     * @param recovered returns true for folders in the recovery copy, which is temporary
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

    /**
     * Writes and copies the analyses. Must not be called on the FX thread.
     *
     * @return parts with their folders after the writing
     */
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
            Path own = Folders.numbered(target, name(part));
            AnalysisFolder.write(analysis, own);
            return own;
        }
        if (folder != null && copied.test(folder) && Files.isDirectory(folder)) {
            Path own = Folders.numbered(target, name(part));
            AtomicFiles.writeNewFolder(own, beside -> copy(folder, beside));
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

    /** Updates the folders of the analyses in the window. Must be called on the FX thread. */
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
