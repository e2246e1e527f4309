package org.layerwise.cli;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.layerwise.cli.console.TextTable;
import org.layerwise.remote.Cluster;
import org.layerwise.remote.ClusterRegistry;
import org.layerwise.remote.slurm.SlurmRequest;
import picocli.CommandLine.Command;

/** Command {@code remote list}: lists the registered clusters and queues. */
@Command(
        name = "list",
        customSynopsis = "layerwise remote list",
        description = "List the Ray clusters and Slurm queues that were added.")
final class RemoteListCommand extends LayerwiseCommand {

    @Override
    void run() {
        List<Cluster> targets = new ClusterRegistry(context().folders().config()).all();
        if (targets.isEmpty()) {
            context().say("No cluster and no queue was added yet; layerwise remote add does that.");
            return;
        }
        TextTable table = TextTable.of("name", "kind", "where", "storage", "python");
        targets.forEach(target -> table.row(row(target)));
        table.lines().forEach(context()::say);
    }

    private static String[] row(Cluster target) {
        String storage = target.storage().there()
                + target.storage().here().map(here -> " = " + here + " here").orElse("");
        if (target instanceof Cluster.Ray ray) {
            String way = ray.ssh().map(ssh -> " by " + ssh.address()).orElse("");
            return new String[] {ray.name(), "Ray", ray.dashboard() + way, storage, ray.python()};
        }
        Cluster.Slurm slurm = (Cluster.Slurm) target;
        return new String[] {
            slurm.name(), "Slurm", slurm.host().address() + asked(slurm.request()), storage, slurm.python()
        };
    }

    private static String asked(SlurmRequest request) {
        return Stream.of(
                        request.partition().map(word -> ", " + word),
                        request.time().map(word -> ", " + word),
                        Optional.of(", %s x %s GPUs".formatted(request.nodes(), request.gpus())))
                .flatMap(Optional::stream)
                .collect(Collectors.joining());
    }
}
