package org.layerwise.remote.slurm;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.layerwise.base.Progress;
import org.layerwise.base.UserException;
import org.layerwise.remote.ssh.SshConnection;

/**
 * Slurm's commands on the computer where jobs are submitted.
 *
 * @param clusters names of the clusters that jobs are for, separated by commas; empty for the computer's own one
 */
public record SlurmQueue(SshConnection connection, Optional<String> clusters) {

    /** Name by which Slurm lists the jobs of this program, for all users. */
    public static final String JOB_NAME = "layerwise";

    /**
     * Form of the number of a job, as sbatch prints it: with the cluster's name if Slurm has several, such as
     * {@code 77} or {@code 77;gpu}.
     */
    public static final Pattern NUMBER = Pattern.compile("(\\d{1,18})(?:;([A-Za-z0-9_-]{1,64}))?");

    /** Matches the line before the jobs of each cluster. */
    private static final Pattern CLUSTER = Pattern.compile("CLUSTER: ([A-Za-z0-9_-]{1,64})");

    /** Matches a waiting or running job with its working folder. */
    private static final Pattern LISTED = Pattern.compile("\\s*(\\d{1,18})\\|(.*)");

    private static final Pattern FIELD = Pattern.compile("(?:^|\\s)(\\w+)=(\\S*)");

    /** A job's folder, which may have blanks in it, and the rest of the line. */
    private static final Pattern WORK_DIR = Pattern.compile("\\sWorkDir=(.*)");

    /**
     * Partition of the cluster.
     *
     * @param up true if it accepts jobs
     * @param limit time limit, as Slurm writes it
     * @param gres resources of its nodes other than processors, such as {@code gpu:a100:4}; {@code (null)} for none
     */
    public record Partition(String name, boolean standard, boolean up, String limit, int nodes, String gres) {}

    /**
     * Returns Slurm's version, such as {@code 22.05.8}.
     *
     * @throws UserException if there is no Slurm
     */
    public String version(Progress progress) {
        SshConnection.Answer answer = connection.run("sbatch --version", progress);
        if (!answer.good()) {
            throw new UserException(
                    "There is no Slurm on %s (sbatch --version: %s); name the computer on which jobs are handed in, with --ssh."
                            .formatted(connection.name(), firstLine(answer)));
        }
        return answer.out().strip().replaceFirst("^slurm(-wlm)? ", "");
    }

    /** Returns the partitions that this user sees. */
    public List<Partition> partitions(Progress progress) {
        SshConnection.Answer answer =
                connection.run(command("sinfo", clusters, "--noheader --format='%P|%a|%l|%D|%G'"), progress);
        if (!answer.good()) {
            throw failed("list its partitions", "sinfo", answer);
        }
        List<Partition> partitions = new ArrayList<>();
        for (String line : answer.out().lines().toList()) {
            String[] cells = line.strip().split("\\|", -1);
            if (cells.length == 5 && cells[3].matches("\\d{1,9}")) {
                boolean standard = cells[0].endsWith("*");
                partitions.add(new Partition(
                        standard ? cells[0].substring(0, cells[0].length() - 1) : cells[0],
                        standard,
                        cells[1].equals("up"),
                        cells[2],
                        Integer.parseInt(cells[3]),
                        cells[4]));
            }
        }
        return List.copyOf(partitions);
    }

    /**
     * Submits a job.
     *
     * @param folder absolute path of the job's folder on the cluster, in which the script is started
     * @param script name of the script in that folder
     * @return Slurm's number of the job, of the form {@link #NUMBER}
     * @throws UserException with Slurm's own message if Slurm refuses the job
     */
    public String submit(String folder, String script, Progress progress) {
        SshConnection.Answer answer =
                connection.run("cd '%s' && sbatch --parsable '%s'".formatted(folder, script), progress);
        String id = answer.out().strip();
        if (answer.good()) {
            requireAlone(id);
        }
        if (!answer.good() || !NUMBER.matcher(id).matches()) {
            throw failed("take the job", "sbatch", answer);
        }
        return id;
    }

    /** Checks that no other lines are around the number of a job, such as a greeting of the cluster. */
    private void requireAlone(String printed) {
        List<String> lines = printed.lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty())
                .toList();
        List<String> others =
                lines.stream().filter(line -> !NUMBER.matcher(line).matches()).toList();
        if (!others.isEmpty() && others.size() < lines.size()) {
            throw new UserException(
                    "The answer of sbatch --parsable on %s has more than the number of a job (\"%s\"), so Layerwise does not take the job; make sbatch and the start files of the shell there print nothing else."
                            .formatted(connection.name(), others.get(0)));
        }
    }

    /**
     * Looks for a job that waits or runs in a folder, even if its submission seemed to fail: Slurm may accept a job and
     * report a failure, for example if it answers too late.
     *
     * @param folder absolute path of the job's folder on the cluster
     * @return its number; empty if there is none
     */
    public Optional<String> jobIn(String folder, Progress progress) {
        SshConnection.Answer answer = connection.run(
                command("squeue", clusters, "--noheader --name=%s --format='%%A|%%Z'".formatted(JOB_NAME)), progress);
        if (!answer.good()) {
            throw failed("list its jobs", "squeue", answer);
        }
        String cluster = "";
        for (String line : answer.out().lines().toList()) {
            Matcher named = CLUSTER.matcher(line.strip());
            Matcher listed = LISTED.matcher(line);
            if (named.matches()) {
                cluster = ";" + named.group(1);
            } else if (listed.matches() && listed.group(2).strip().endsWith(name(folder))) {
                return Optional.of(listed.group(1) + cluster);
            }
        }
        return Optional.empty();
    }

    /**
     * Returns the state of a job. Slurm forgets jobs some minutes after their end ({@code MinJobAge}), and not every
     * cluster keeps records of {@code sacct}. Slurm also reuses numbers, so the job must have the right folder too.
     *
     * @param folder absolute path of the job's folder on the cluster
     * @return the state; empty if Slurm no longer knows the job
     */
    public Optional<SlurmState> state(String id, String folder, Progress progress) {
        SshConnection.Answer answer = onJob("scontrol", "--oneliner show job", id, progress);
        if (!answer.good()) {
            if (answer.error().contains("Invalid job id")) {
                return Optional.empty();
            }
            throw failed("tell of the job " + id, "scontrol", answer);
        }
        Map<String, String> fields = new HashMap<>();
        Matcher field = FIELD.matcher(answer.out());
        while (field.find()) {
            fields.putIfAbsent(field.group(1), field.group(2)); // texts by users, such as a comment, come later
        }
        String state = fields.getOrDefault("JobState", "");
        if (state.isEmpty() || !number(id).group(1).equals(fields.get("JobId"))) {
            throw failed("tell of the job " + id, "scontrol", answer);
        }
        return fields.containsKey("WorkDir") && !isWorkingFolder(folder, answer.out())
                ? Optional.empty()
                : Optional.of(SlurmState.of(state, fields.getOrDefault("Reason", "")));
    }

    /** Each line is looked at once, however often it names a folder. */
    private static boolean isWorkingFolder(String folder, String told) {
        Pattern own = Pattern.compile(Pattern.quote(name(folder)) + "(?:\\s|$)");
        return WORK_DIR.matcher(told).results().anyMatch(line -> own.matcher(line.group(1))
                .find());
    }

    /**
     * Returns only the last part of a job's folder: Slurm resolves links in the path, and the folders above the storage
     * may be links.
     */
    private static String name(String folder) {
        return folder.substring(folder.lastIndexOf('/'));
    }

    /**
     * Ends a job; has no effect if the job is over, or if its number now belongs to another job.
     *
     * @param folder absolute path of the job's folder on the cluster
     */
    public void cancel(String id, String folder, Progress progress) {
        if (state(id, folder, progress).isEmpty()) {
            return;
        }
        SshConnection.Answer answer = onJob("scancel", "", id, progress);
        if (!answer.good() && !answer.error().contains("Invalid job id")) {
            throw failed("end the job " + id, "scancel", answer);
        }
    }

    /** Runs a command on a job, on the cluster that its number names. */
    private SshConnection.Answer onJob(String command, String arguments, String id, Progress progress) {
        Matcher number = number(id);
        String line = command(command, Optional.ofNullable(number.group(2)).or(() -> clusters), arguments);
        return connection.run(line + " " + number.group(1), progress);
    }

    /** Returns the match of {@link #NUMBER}, whose groups are the digits and the cluster. */
    private static Matcher number(String id) {
        Matcher number = NUMBER.matcher(id);
        if (!number.matches()) {
            throw new UserException("\"%s\" is no number of a Slurm job.".formatted(id));
        }
        return number;
    }

    private static String command(String name, Optional<String> clusters, String arguments) {
        return name + clusters.map(" -M "::concat).orElse("") + (arguments.isEmpty() ? "" : " " + arguments);
    }

    private UserException failed(String what, String command, SshConnection.Answer answer) {
        return new UserException(
                "Slurm on %s did not %s (%s: %s).".formatted(connection.name(), what, command, firstLine(answer)));
    }

    private static String firstLine(SshConnection.Answer answer) {
        return (answer.error().isBlank() ? answer.out() : answer.error())
                .lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty())
                .findFirst()
                .map(line -> line.replaceFirst("^\\w+: (error: )?", "").replaceAll("\\.$", ""))
                .orElse("it ended with " + answer.code());
    }
}
