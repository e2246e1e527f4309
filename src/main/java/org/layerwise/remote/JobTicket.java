package org.layerwise.remote;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.regex.Pattern;
import org.layerwise.base.ResponseLimit;
import org.layerwise.base.UserException;
import org.layerwise.base.json.Json;
import org.layerwise.base.json.JsonRecords;
import org.layerwise.base.json.Min;
import org.layerwise.remote.slurm.SlurmQueue;

/**
 * Record of a job on a cluster, in {@code remote.json} of a run's folder, with which the job can be found again. Every
 * program that has this file can follow the job, also after a restart, and two can do so at the same time.
 *
 * @param target the name of the cluster
 * @param id id of the job, which also names its folder in the storage
 * @param number id of the job for the scheduler: Slurm's number; for Ray equal to {@code id} at the first attempt; empty
 *     until the scheduler has answered that it has taken the job
 * @param workers workers with which the job is submitted at every attempt; on Slurm the queue's own request determines
 *     them
 * @param deleted true if the job's files on the cluster were deleted, so that it cannot be resumed
 */
public record JobTicket(String target, JobId id, String number, WorkerCount workers, boolean deleted) {

    /** Name of the file in a run's folder. */
    public static final String FILE = "remote.json";

    private static final int VERSION = 1;

    /** Form of the suffix to the id for Ray, which becomes part of addresses. */
    private static final Pattern ATTEMPT = Pattern.compile("\\.[0-9]{1,9}");

    /**
     * Creates a ticket.
     *
     * @throws UserException if a value has not the form that Layerwise writes
     */
    public JobTicket {
        ClusterRules.name(target);
        boolean ray = number.startsWith(id.text())
                && (number.equals(id.text())
                        || ATTEMPT.matcher(number.substring(id.text().length())).matches());
        if (!number.isEmpty() && !ray && !SlurmQueue.NUMBER.matcher(number).matches()) {
            throw new UserException("\"%s\" is not the number of the job %s.".formatted(number, id));
        }
    }

    /** Creates a ticket of a job whose files on the cluster are not deleted. */
    public JobTicket(String target, JobId id, String number, WorkerCount workers) {
        this(target, id, number, workers, false);
    }

    /** Returns the ticket of a new job, which has no number yet. */
    public static JobTicket next(String target, WorkerCount workers) {
        return new JobTicket(target, JobId.next(Clock.systemUTC()), "", workers);
    }

    /** Returns true if the scheduler has answered that it has taken the job. */
    public boolean isNumbered() {
        return !number.isEmpty();
    }

    /** Returns the job's folder in the storage. */
    public String folder() {
        return "jobs/" + id;
    }

    /** Returns the folder of its run in the storage. */
    public String run() {
        return folder() + "/run";
    }

    /** Returns the number of times that the job was submitted. */
    public int attempt() {
        return number.matches(".*\\.\\d+") ? Integer.parseInt(number.replaceAll(".*\\.", "")) : 1;
    }

    /** Returns this ticket with the number of another attempt. */
    public JobTicket numbered(String other) {
        return new JobTicket(target, id, other, workers, deleted);
    }

    /** Returns this ticket for a job whose files on the cluster were deleted. */
    public JobTicket emptied() {
        return new JobTicket(target, id, number, workers, true);
    }

    /** Returns true if a folder has a ticket. */
    public static boolean isIn(Path folder) {
        return Files.isRegularFile(folder.resolve(FILE));
    }

    /** Content of the file. */
    private record Content(
            int version,
            @JsonProperty(required = true) String target,
            @JsonProperty(required = true) String id,
            @JsonProperty(required = true) String number,
            @Min(0) int workers,
            boolean gpuWorkers,
            @JsonInclude(JsonInclude.Include.NON_DEFAULT) boolean deleted) {

        JobTicket ticket() {
            return new JobTicket(
                    target, new JobId(id), number, new WorkerCount(Math.max(1, workers), gpuWorkers), deleted);
        }
    }

    /** Writes this ticket into a run's folder. */
    public void write(Path folder) {
        JsonRecords.write(
                folder.resolve(FILE),
                new Content(VERSION, target, id.text(), number, workers.count(), workers.gpu(), deleted));
    }

    /**
     * Reads a ticket from a run's folder.
     *
     * @throws UserException if there is none, or it is broken
     */
    public static JobTicket read(Path folder) {
        Path file = folder.resolve(FILE);
        if (!isIn(folder)) {
            throw new UserException("There is no run in %s that was sent to a cluster (no %s); name the folder of one."
                    .formatted(folder, FILE));
        }
        JsonNode json = Json.read(file, ResponseLimit.MOST_BYTES);
        if (json.path("version").intValue() != VERSION) {
            throw new UserException("%s does not name a job on a cluster; is it a file of a newer version of Layerwise?"
                    .formatted(file));
        }
        return JsonRecords.of(
                file,
                json,
                Content.class,
                "Somebody has changed the file; put back what the program wrote.",
                Content::ticket);
    }
}
