package org.layerwise.remote;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.layerwise.base.file.Folders;
import org.layerwise.base.file.UnfinishedFiles;
import org.layerwise.remote.slurm.SlurmRequest;

/** Python program of a job, with its start script, as files of a job folder. */
public final class JobProgram {

    /** Name of the program's folder in a job folder. */
    public static final String FOLDER = "program";

    /** Name of the script for a Slurm queue. */
    public static final String SBATCH = "job.sbatch";

    /** Name of the page that explains how to start the job. */
    public static final String README = "README.md";

    /** Name of the file with the oldest versions of packages that give the same numbers, by their names. */
    static final String NEEDED = "layerwise_job/needed.json";

    static final List<String> FILES = List.of(
            ProgramFiles.CHECK,
            "layerwise_job/__init__.py",
            "layerwise_job/best.py",
            "layerwise_job/extract.py",
            "layerwise_job/files.py",
            "layerwise_job/loop.py",
            "layerwise_job/metrics.py",
            "layerwise_job/model.py",
            NEEDED,
            "layerwise_job/needed.py",
            "layerwise_job/objective.py",
            "layerwise_job/ray_train.py",
            "layerwise_job/rows.py",
            "layerwise_job/sharded.py",
            "layerwise_job/train.py");

    private JobProgram() {}

    /**
     * Writes the program, a script for Slurm and a page that explains how to start it, for users who submit by hand.
     */
    public static void write(Path folder, SlurmRequest request, String python) throws IOException {
        for (Map.Entry<String, byte[]> file : ProgramFiles.of(FILES).files().entrySet()) {
            Path target = folder.resolve(FOLDER).resolve(file.getKey());
            UnfinishedFiles.createFolders(Folders.parent(target));
            Files.write(target, file.getValue());
        }
        Files.writeString(folder.resolve(SBATCH), SlurmScript.of(request, python));
        Files.write(
                folder.resolve(README), ProgramFiles.of(List.of(README)).files().get(README));
    }
}
