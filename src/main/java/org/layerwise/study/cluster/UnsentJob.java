package org.layerwise.study.cluster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.layerwise.base.UserException;
import org.layerwise.base.file.FileErrors;
import org.layerwise.base.file.FileTree;
import org.layerwise.base.file.Folders;
import org.layerwise.remote.Cluster;
import org.layerwise.remote.JobProgram;
import org.layerwise.remote.JobTicket;
import org.layerwise.remote.slurm.SlurmRequest;
import org.layerwise.run.Run;
import org.layerwise.run.RunConfig;
import org.layerwise.run.RunFile;
import org.layerwise.run.RunFileNames;
import org.layerwise.run.RunState;

/**
 * Job of a run until the cluster has taken it: a folder in the run's folder, from which the job is sent again if the
 * program ended before. The caller must hold the lock of the run.
 *
 * @param out folder of the run on this computer
 */
record UnsentJob(Path out) {

    /** Files of a job that are no part of the program, by their paths in the job. */
    private static final Set<Path> DATA = Stream.concat(
                    Stream.of(RunConfig.NAME, TrainingExport.PLAN, TrainingExport.ROWS)
                            .map(Path::of),
                    JobAdapter.files(Path.of(TrainingExport.ADAPTER)))
            .collect(Collectors.toUnmodifiableSet());

    /** Returns the folder of the job, which does not exist once the job is submitted. */
    Path folder() {
        return out.resolve(RunFileNames.UNSENT);
    }

    /** Writes the program of a job, as this computer has it, into the folder of the job. */
    static void writeProgram(Path job, Cluster target) throws IOException {
        SlurmRequest request = target instanceof Cluster.Slurm slurm ? slurm.request() : SlurmRequest.ONE_NODE;
        JobProgram.write(job, request, target.python());
    }

    /** Moves a job into the folder of its run, and writes its ticket. */
    void keep(Path job, JobTicket ticket) {
        try {
            Files.copy(
                    job.resolve(TrainingExport.PLAN),
                    out.resolve(TrainingExport.PLAN),
                    StandardCopyOption.REPLACE_EXISTING);
            Files.move(job, folder());
        } catch (IOException e) {
            throw new UserException("Cannot write into %s: %s.".formatted(out, FileErrors.reason(e)), e);
        }
        ticket.write(out);
    }

    /**
     * Prepares the job for being sent again. The run's folder may come from another person, whose program must not run
     * on the user's cluster: the program is written anew, and no other file may be there than data.
     *
     * @throws UserException if there is another file, or a folder that cannot be read
     */
    void refresh(Cluster target) throws IOException {
        if (!Files.isDirectory(folder())) {
            return;
        }
        Folders.delete(folder().resolve(JobProgram.FOLDER));
        Files.deleteIfExists(folder().resolve(JobProgram.SBATCH));
        Files.deleteIfExists(folder().resolve(JobProgram.README));
        FileTree.paths(folder()).stream()
                .filter(path -> !Files.isDirectory(path))
                .filter(path -> !DATA.contains(folder().relativize(path)))
                .findFirst()
                .ifPresent(path -> {
                    throw new UserException(
                            "%s is no file of a job that Layerwise writes, so the job is not sent; remove the file."
                                    .formatted(path));
                });
        writeProgram(folder(), target);
    }

    /** Writes the ticket of a job that the cluster has taken, and deletes the folder. */
    void taken(JobTicket ticket) {
        ticket.write(out);
        delete();
    }

    void delete() {
        Folders.delete(folder());
    }

    /** Deletes job and ticket, and marks the run as failed. */
    void withdrawn(String reason) throws IOException {
        Files.deleteIfExists(out.resolve(JobTicket.FILE));
        delete();
        if (Run.isRun(out)) {
            RunFile.open(out).end(RunState.FAILED, reason);
        }
    }
}
