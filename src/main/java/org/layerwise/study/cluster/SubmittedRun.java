package org.layerwise.study.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.Optional;
import org.layerwise.base.UserException;
import org.layerwise.base.json.Json;
import org.layerwise.remote.Cluster;
import org.layerwise.remote.JobTicket;
import org.layerwise.settings.RemoteOptions;
import org.layerwise.study.model.OpenModel;

/**
 * Settings that a run was sent to a cluster with, read from its folder.
 *
 * @param out folder of the run on this computer, with its ticket and its plan
 */
public record SubmittedRun(Path out) {

    /**
     * Checks that the run was sent with these settings.
     *
     * @param target cluster of the new request
     * @param there options of the new request
     * @throws UserException if something differs; the message names the first difference
     */
    void requireSame(Cluster target, RemoteOptions there, OpenModel model) {
        JobTicket ticket = JobTicket.read(out);
        boolean fsdp = plan().path("fsdp").booleanValue();
        requireSent(target.name().equals(ticket.target()), "to " + ticket.target());
        requireSent(
                target instanceof Cluster.Slurm || ticket.workers().equals(there.workers()),
                "with --workers %s%s"
                        .formatted(ticket.workers().count(), ticket.workers().gpu() ? " --gpu-workers" : ""));
        Optional<String> other = otherModel(there, model);
        requireSent(other.isEmpty(), "with the model %s there".formatted(other.orElse("")));
        requireSent(fsdp == there.fsdp(), fsdp ? "with --fsdp" : "without --fsdp");
    }

    /**
     * Returns the model on the cluster that the run was sent with, as a value of {@code --model-there}.
     *
     * @param there options to compare with
     * @return the model; empty if a job with these options would use the same model
     */
    public Optional<String> otherModel(RemoteOptions there, OpenModel model) {
        JsonNode plan = plan();
        String name = plan.path("model").asText("");
        Optional<String> revision =
                Optional.ofNullable(plan.path("model_revision").textValue());
        boolean same = name.equals(new RemoteModel(there, model).name())
                // plans of earlier versions have no revision
                && (!plan.has("model_revision") || revision.equals(new RemoteModel(there, model).revision()));
        return same
                ? Optional.empty()
                : Optional.of(name + revision.map("@"::concat).orElse(""));
    }

    private JsonNode plan() {
        return Json.read(out.resolve(TrainingExport.PLAN));
    }

    private void requireSent(boolean same, String how) {
        if (!same) {
            throw new UserException(
                    "The run in %s was sent %s, and goes on so; leave out --on and the flags that belong to it, or start anew into another folder."
                            .formatted(out, how));
        }
    }
}
