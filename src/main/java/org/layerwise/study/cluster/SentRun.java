package org.layerwise.study.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.Optional;
import org.layerwise.base.Json;
import org.layerwise.base.UserException;
import org.layerwise.remote.JobTicket;
import org.layerwise.remote.Target;
import org.layerwise.study.Elsewhere;
import org.layerwise.study.OpenModel;

/**
 * The settings with which a run was sent to a cluster.
 *
 * @param out the run's folder here, with its ticket and its plan
 */
public record SentRun(Path out) {

    /**
     * Makes sure that it was sent with these settings.
     *
     * @param target the cluster that is asked
     * @param there how it is to be done
     * @throws UserException naming the first thing that differs
     */
    void requireSame(Target target, Elsewhere there, OpenModel model) {
        JobTicket ticket = JobTicket.read(out);
        boolean fsdp = plan().path("fsdp").booleanValue();
        requireSent(target.name().equals(ticket.target()), "to " + ticket.target());
        requireSent(
                target instanceof Target.Slurm || ticket.workers().equals(there.workers()),
                "with --workers %s%s"
                        .formatted(ticket.workers().count(), ticket.workers().gpu() ? " --gpu-workers" : ""));
        Optional<String> other = otherModel(there, model);
        requireSent(other.isEmpty(), "with the model %s there".formatted(other.orElse("")));
        requireSent(fsdp == there.fsdp(), fsdp ? "with --fsdp" : "without --fsdp");
    }

    /**
     * Returns the model there that it was sent with, as {@code --model-there} names it.
     *
     * @param there how others are done
     * @return empty if they learn from the same one
     */
    public Optional<String> otherModel(Elsewhere there, OpenModel model) {
        JsonNode plan = plan();
        String name = plan.path("model").asText("");
        Optional<String> revision =
                Optional.ofNullable(plan.path("model_revision").textValue());
        boolean same = name.equals(new RemoteModel(there, model).name())
                // plans of earlier versions do not name it
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
