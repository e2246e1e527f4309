package org.layerwise.remote;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.layerwise.base.AnswerLimit;
import org.layerwise.base.Json;
import org.layerwise.base.NumberReader;
import org.layerwise.base.UserException;

/**
 * By what a job elsewhere is found again: {@code remote.json} of a run's folder. Whoever has it can follow the job, also after the
 * program was started anew, and two can do so at once.
 *
 * @param target the name of the place
 * @param id of the job, which also names its folder in the storage
 * @param number by which the scheduler knows it: Slurm's number; for Ray the same as {@code id} at first
 * @param workers that it was handed in with, and is again; on Slurm the queue's own request says it
 * @param deleted whether what lay there of it was deleted, so that it cannot go on
 */
public record JobTicket(String target, JobId id, String number, Workers workers, boolean deleted) {

    /** The file in a run's folder. */
    public static final String FILE = "remote.json";

    private static final int VERSION = 1;

    /** Slurm's number; of Ray what follows the id. Both become part of commands and addresses. */
    private static final Pattern SLURM = Pattern.compile("[0-9]{1,18}");

    private static final Pattern ATTEMPT = Pattern.compile("\\.[0-9]{1,9}");

    /** @throws UserException if this program does not make such a ticket */
    public JobTicket {
        TargetRules.name(target);
        boolean ray = number.startsWith(id.text())
                && (number.equals(id.text())
                        || ATTEMPT.matcher(number.substring(id.text().length())).matches());
        if (!number.isEmpty() && !ray && !SLURM.matcher(number).matches()) {
            throw new UserException("\"%s\" is not the number of the job %s.".formatted(number, id));
        }
    }

    /** Of a job whose folder is there. */
    public JobTicket(String target, JobId id, String number, Workers workers) {
        this(target, id, number, workers, false);
    }

    /** The job's folder in the storage. */
    public String folder() {
        return "jobs/" + id;
    }

    /** The folder of its run in the storage. */
    public String run() {
        return folder() + "/run";
    }

    /** How often it was handed in. */
    public int attempt() {
        return number.matches(".*\\.\\d+") ? Integer.parseInt(number.replaceAll(".*\\.", "")) : 1;
    }

    /** The same job, handed in once more. */
    public JobTicket numbered(String other) {
        return new JobTicket(target, id, other, workers, deleted);
    }

    /** The same job, of which there is nothing left there. */
    public JobTicket emptied() {
        return new JobTicket(target, id, number, workers, true);
    }

    /** Whether a folder has one. */
    public static boolean isIn(Path folder) {
        return Files.isRegularFile(folder.resolve(FILE));
    }

    /** Writes it into a run's folder. */
    public void write(Path folder) {
        ObjectNode json = Json.object();
        json.put("version", VERSION);
        json.put("target", target);
        json.put("id", id.text());
        json.put("number", number);
        json.put("workers", workers.count());
        json.put("gpu_workers", workers.gpu());
        if (deleted) {
            json.put("deleted", true);
        }
        Json.write(folder.resolve(FILE), json);
    }

    /**
     * Reads it from a run's folder.
     *
     * @throws UserException if there is none, or it is broken
     */
    public static JobTicket read(Path folder) {
        Path file = folder.resolve(FILE);
        if (!isIn(folder)) {
            throw new UserException("There is no run in %s that was sent to a cluster (no %s); name the folder of one."
                    .formatted(folder, FILE));
        }
        JsonNode json = Json.read(file, AnswerLimit.MOST_BYTES);
        if (json.path("version").intValue() != VERSION) {
            throw new UserException("%s does not name a job on a cluster; is it a file of a newer version of Layerwise?"
                    .formatted(file));
        }
        NumberReader numbers =
                new NumberReader(file, "Somebody has changed the file; put back what the program wrote.");
        try {
            return new JobTicket(
                    json.path("target").asText(""),
                    new JobId(json.path("id").asText("")),
                    json.path("number").asText(""),
                    new Workers(Math.max(1, TargetJson.count(json, "workers", 1)), numbers.flag(json, "gpu_workers")),
                    numbers.flag(json, "deleted"));
        } catch (UserException e) {
            throw new UserException("%s cannot be used: %s".formatted(file, e.getMessage()), e);
        }
    }
}
