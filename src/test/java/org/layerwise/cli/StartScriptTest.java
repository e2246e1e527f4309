package org.layerwise.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** run.sh, gpu.sh and compare-pytorch.sh on a pretended machine: java, Maven, apt and the system's libraries are small scripts that say what was asked. */
@EnabledOnOs(OS.LINUX)
class StartScriptTest {

    @TempDir
    Path folder;

    private Path tree;
    private Path tools;

    @BeforeEach
    void pretend() throws IOException {
        tree = Files.createDirectories(folder.resolve("a work tree"));
        tools = Files.createDirectories(folder.resolve("tools"));
        Path scripts = Files.createDirectories(tree.resolve("src/scripts"));
        for (String script : List.of("run.sh", "gpu.sh", "compare-pytorch.sh", "setup.sh")) {
            Files.copy(Path.of("src/scripts", script), scripts.resolve(script));
        }
        Files.createDirectories(tree.resolve("src/main"));
        Files.writeString(tree.resolve("src/main/Source.java"), "one");
        Files.writeString(tree.resolve("pom.xml"), "<project/>");
        jdk("jdk-17", "17.0.9");
        tool("fc-list", "echo DejaVu");
        tool("ldconfig", "echo libgtk-3.so.0");
        tool("apt-get", "echo apt-get \"$@\" >> \"$LOG\"; exit 1");
        tool("apt-cache", "echo '  Candidate: 1'");
        tool("sudo", "exec \"$@\"");
        tool(
                "mvn",
                """
                echo mvn >> "$LOG"
                touch target/layerwise-workbench-0.1.0.jar "target/library.jar"
                for arg in "$@"; do
                    case $arg in -Dmdep.outputFile=*) printf '%s' "$PWD/target/library.jar" > "${arg#*=}" ;; esac
                done
                """);
    }

    @Test
    void buildsOnceAndStartsWithoutMavenAfterwards() throws Exception {
        Started first = run("analyze", "--name", "two words");
        Started second = run("analyze");

        assertThat(first.code()).isZero();
        assertThat(first.out()).contains("org.layerwise.cli.Main|analyze|--name|two words|");
        assertThat(first.out()).contains(tree + "/target/run/layerwise.jar:" + tree + "/target/library.jar");
        assertThat(first.err()).contains("Building");
        assertThat(second.code()).isZero();
        assertThat(second.err()).isEmpty();
        assertThat(log()).containsExactly("mvn");
    }

    @Test
    void passesOnWhatPeopleGiveTheJvm() throws Exception {
        Started started =
                start(tree.resolve("src/scripts/run.sh"), Map.of("JAVA_OPTS", "-Xmx8g -Dname=value"), "analyze");

        assertThat(started.out()).contains("-Xmx8g|-Dname=value|");
    }

    @Test
    void commandsStartFromAnArchiveOfTheirClasses() throws Exception {
        Started started = run("analyze");

        assertThat(started.err()).doesNotContain("archive");
        assertThat(started.out())
                .contains("|-XX:+UseSerialGC|", "|-XX:SharedArchiveFile=" + tree + "/target/run/commands.jsa|");
        assertThat(tree.resolve("target/run").toFile().list())
                .containsExactlyInAnyOrder(
                        "archive.log",
                        "build.log",
                        "classpath",
                        "commands.jsa",
                        "commands.jsa.size",
                        "commands.jsa.stamp",
                        "layerwise.jar",
                        "stamp");
    }

    @Test
    void anArchiveThatWasCutShortIsLeftOut() throws Exception {
        run("analyze");
        Files.writeString(tree.resolve("target/run/commands.jsa"), "another length");

        assertThat(run("analyze").out()).contains("|analyze|").doesNotContain("SharedArchiveFile");
    }

    @Test
    void afterAnUpdateOfTheJdkOnlyTheArchiveIsMadeAgain() throws Exception {
        run("analyze");
        Files.writeString(folder.resolve("jvms/jdk-17/release"), "JAVA_VERSION=\"17.0.10\"\n");

        assertThat(run("analyze").err()).containsOnlyOnce("Archiving the classes of commands.");
        assertThat(run("analyze").err()).isEmpty();
        assertThat(log()).containsExactly("mvn");
    }

    @Test
    void whatAStoppedBuildLeftIsRemoved() throws Exception {
        Path built = Files.createDirectories(tree.resolve("target/run"));
        Path archive = Files.createDirectories(built.resolve("archive.part"));
        Path library = Files.createDirectories(built.resolve("duckdb.part"));

        assertThat(run("analyze").code()).isZero();

        assertThat(archive).doesNotExist();
        assertThat(library).doesNotExist();
    }

    @Test
    void aBuildWhoseArchivingWasStoppedIsKept() throws Exception {
        run("analyze");
        Files.delete(tree.resolve("target/run/commands.jsa.stamp"));

        assertThat(run("analyze").err()).contains("Archiving the classes of commands.");
        assertThat(log()).containsExactly("mvn");
    }

    @Test
    void startsWithoutAnArchiveThatCannotBeMade() throws Exception {
        Started started = start(tree.resolve("src/scripts/run.sh"), Map.of("NO_ARCHIVE", "1"), "analyze");

        assertThat(started.code()).isZero();
        assertThat(started.err()).contains("The archive of classes could not be made");
        assertThat(started.out()).contains("|analyze|").doesNotContain("SharedArchiveFile");
    }

    @Test
    void aGarbageCollectorOfTheUserIsTheOnlyOne() throws Exception {
        Started started =
                start(tree.resolve("src/scripts/run.sh"), Map.of("JAVA_OPTS", "-XX:+UseParallelGC"), "analyze");

        assertThat(started.out()).contains("|-XX:+UseParallelGC|").doesNotContain("UseSerialGC");
    }

    /** With the options that the script gives. */
    @Test
    void javaIgnoresAnArchiveThatDoesNotFit() throws Exception {
        Path archive = Files.writeString(folder.resolve("commands.jsa"), "no archive");
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xshare:auto",
                        "-Xlog:disable",
                        "-XX:SharedArchiveFile=" + archive,
                        "-cp",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        Main.class.getName(),
                        "--version")
                .redirectErrorStream(true)
                .start();

        assertThat(process.inputReader().lines()).containsExactly("layerwise (development build)");
        assertThat(process.waitFor()).isZero();
    }

    @Test
    void buildsAgainWhenASourceChanged() throws Exception {
        run("demo");
        Files.writeString(tree.resolve("src/main/Source.java"), "two");
        run("demo");

        assertThat(log()).containsExactly("mvn", "mvn");
    }

    @Test
    void buildsAgainWhenALibraryIsGone() throws Exception {
        run("demo");
        Files.delete(tree.resolve("target/library.jar"));
        run("demo");

        assertThat(log()).containsExactly("mvn", "mvn");
    }

    @Test
    void aTouchedButEqualSourceIsNoChange() throws Exception {
        run("demo");
        Files.writeString(tree.resolve("src/main/Source.java"), "one");
        run("demo");

        assertThat(log()).containsExactly("mvn");
    }

    @Test
    void aFailedBuildIsToldAndNotKept() throws Exception {
        tool("mvn", "echo '[ERROR] something is broken'; exit 1");
        Started failed = run("demo");

        assertThat(failed.code()).isEqualTo(1);
        assertThat(failed.err()).contains("something is broken", "The build failed");
        assertThat(run("demo").code()).isEqualTo(1);
    }

    @Test
    void startsThroughALinkFromAnotherFolder() throws Exception {
        Path link = Files.createSymbolicLink(tools.resolve("layerwise"), tree.resolve("src/scripts/run.sh"));

        Started started = start(link, Map.of(), "--version");

        assertThat(started.code()).isZero();
        assertThat(started.out()).contains("|--version|");
    }

    @Test
    void anOldJavaIsPassedOver() throws Exception {
        Path old = jdk("jdk-11", "11.0.2");

        Started started = start(tree.resolve("src/scripts/run.sh"), Map.of("JAVA_HOME", old.toString()), "demo");

        assertThat(started.code()).isZero();
        assertThat(started.out()).startsWith("jdk-17|");
    }

    @Test
    void aNewJavaHomeIsTaken() throws Exception {
        Path newer = jdk("jdk-25", "25");

        Started started = start(tree.resolve("src/scripts/run.sh"), Map.of("JAVA_HOME", newer.toString()), "demo");

        assertThat(started.out()).startsWith("jdk-25|").contains("|--enable-native-access=ALL-UNNAMED|");
    }

    @Test
    void onlyWhatIsMissingIsInstalled() throws Exception {
        Files.delete(tools.resolve("fc-list"));
        Started started = run("demo");

        assertThat(started.code()).isEqualTo(2);
        assertThat(started.err()).contains("Missing: fontconfig and a font").doesNotContain("JDK", "GTK", "Maven");
        assertThat(log())
                .containsExactly(
                        "apt-get -qq update",
                        "apt-get -qq -y -o Dpkg::Use-Pty=0 --no-install-recommends install fontconfig fonts-dejavu-core");
    }

    @Test
    void withoutADisplayTheWindowIsRefusedInOneSentence() throws Exception {
        Started started = run();

        assertThat(started.code()).isEqualTo(2);
        assertThat(started.err().lines()).singleElement().asString().contains("no display", "run.sh demo");
        assertThat(log()).isEmpty();
    }

    @Test
    void withADisplayTheWindowOpens() throws Exception {
        Started started = start(tree.resolve("src/scripts/run.sh"), Map.of("DISPLAY", ":7"));

        assertThat(started.code()).isZero();
        assertThat(started.out()).endsWith("org.layerwise.cli.Main|\n");
    }

    @Test
    void inThePlainLocaleJavaGetsOneThatKnowsAllLetters() throws Exception {
        assertThat(told("LC_ALL", Map.of("LC_ALL", "C"))).isEqualTo("LC_ALL C.UTF-8");
        assertThat(told("LC_ALL", Map.of("LANG", "of_NOWHERE.UTF-8"))).isEqualTo("LC_ALL C.UTF-8");
        assertThat(told("LC_ALL", Map.of("LANG", "C.UTF-8"))).isEqualTo("LC_ALL ");
    }

    @Test
    void withoutHomeTheAccountsFolderIsTaken() throws Exception {
        tool("getent", "echo \"someone:x:1:1:Some One:$LOG.home:/bin/sh\"");

        assertThat(told("HOME", Map.of("HOME", ""))).isEqualTo("HOME " + folder.resolve("log.home"));
    }

    @Test
    void withoutAnyHomeOneSentenceSaysSo() throws Exception {
        tool("getent", "exit 2");

        Started started = start(tree.resolve("src/scripts/run.sh"), Map.of("HOME", ""), "demo");

        assertThat(started.code()).isEqualTo(2);
        assertThat(started.err().lines())
                .singleElement()
                .asString()
                .startsWith("layerwise: HOME is not set")
                .contains("set HOME to a folder");
    }

    @Test
    void withoutACardOneSentenceSaysSo() throws Exception {
        assertThat(lackOfGpu()).contains("no NVIDIA card or driver", "--rehearse");
    }

    @Test
    void aCardWithoutItsDriverIsToldInOneSentence() throws Exception {
        Path card = Files.createDirectories(folder.resolve("root/sys/bus/pci/devices/0000:01:00.0"));
        Files.writeString(card.resolve("vendor"), "0x10de\n");
        Files.writeString(card.resolve("class"), "0x040300\n"); // its sound
        assertThat(lackOfGpu()).contains("no NVIDIA card or driver");

        Files.writeString(card.resolve("class"), "0x030000\n");
        assertThat(lackOfGpu()).contains("NVIDIA card without its driver", "install NVIDIA's driver");
    }

    @Test
    void withADriverTheGpuScriptGoesOn() throws Exception {
        Path driver = Files.createDirectories(folder.resolve("root/proc/driver/nvidia"));
        Files.writeString(driver.resolve("version"), "NVRM version: 550.54.15\n");
        Path none = Files.createDirectories(folder.resolve("no environment"));
        assertThat(lackOfGpu("--torch", none.toString())).contains(none + " is no Python environment");
    }

    @Test
    void theGpuScriptRefusesWhatItCannotUseInOneSentence() throws Exception {
        assertThat(lackOfGpu("--rehearse", "--torch", folder + "/no/such/folder"))
                .contains("no/such/folder is no Python environment");
        assertThat(lackOfGpu("--fast")).contains("not \"--fast\"");
        assertThat(lackOfGpu("--torch")).contains("takes the folder of a Python environment");
        assertThat(lackOfGpu("one.md", "two.md")).contains("writes one report");
        assertThat(lackOfGpu(folder + "/no/report.md")).contains("The report cannot be written");
    }

    @Test
    void scriptsOfMeasurementsListTheirArguments() throws Exception {
        for (String script : List.of("gpu.sh", "compare-pytorch.sh")) {
            Started started = start(tree.resolve("src/scripts").resolve(script), Map.of(), "--help");

            assertThat(started.code()).isZero();
            assertThat(started.out()).contains("  " + script + " ");
            assertThat(started.err()).isEmpty();
        }
        assertThat(log()).isEmpty();
    }

    @Test
    void aComparisonWithPyTorchChecksItsArgumentsBeforeItBuilds() throws Exception {
        String venv = folder.resolve("venv").toString();
        Files.createDirectories(folder.resolve("venv/bin"));
        assertThat(lackOfComparison("step", venv)).contains("venv is no Python environment");
        Path python = Files.writeString(folder.resolve("venv/bin/python"), "#!/bin/sh\nexit 1\n");
        assertThat(python.toFile().setExecutable(true)).isTrue();
        assertThat(lackOfComparison("step", venv)).contains("venv lacks torch or transformers");
        Files.writeString(python, "#!/bin/sh\nexit 0\n");

        assertThat(lackOfComparison("step", venv, "abc")).contains("ROUNDS is \"abc\"");
        assertThat(lackOfComparison("analysis", venv, "no-file", "text")).contains("There is no file no-file.");
        assertThat(lackOfComparison("heatmap", venv)).contains("takes VENV, FILE and COLUMN");
        assertThat(lackOfComparison("heatmap", venv, python.toString(), "text", "0"))
                .contains("SAMPLES is \"0\"");
        assertThat(lackOfComparison("train", venv, "2", "file")).contains("ROUNDS, FILE, TEXT and LABEL");
        assertThat(lackOfComparison("speed", venv)).contains("no comparison \"speed\"");
    }

    private String lackOfComparison(String... args) throws IOException, InterruptedException {
        Started started = start(tree.resolve("src/scripts/compare-pytorch.sh"), Map.of(), args);
        assertThat(started.code()).isEqualTo(2);
        assertThat(log()).isEmpty();
        assertThat(started.err().lines()).hasSize(1);
        return started.err();
    }

    /** The one sentence with which gpu.sh ends before anything is installed, built or written. */
    private String lackOfGpu(String... args) throws IOException, InterruptedException {
        tool("uname", "echo Linux x86_64");
        Started started = start(
                tree.resolve("src/scripts/gpu.sh"),
                Map.of("LAYERWISE_SYSTEM", folder.resolve("root").toString()),
                args);
        assertThat(started.code()).isEqualTo(2);
        assertThat(log()).isEmpty();
        assertThat(folder.resolve("gpu-report.md")).doesNotExist();
        assertThat(started.err().lines()).hasSize(1);
        return started.err();
    }

    /** The line in which java told one variable of its environment. */
    private String told(String variable, Map<String, String> environment) throws Exception {
        Map<String, String> all = new HashMap<>(environment);
        all.put("TELL", variable);
        Started started = start(tree.resolve("src/scripts/run.sh"), all, "demo");
        assertThat(started.code()).as(started.err()).isZero();
        return started.out().lines().findFirst().orElseThrow();
    }

    private record Started(int code, String out, String err) {}

    private Started run(String... args) throws IOException, InterruptedException {
        return start(tree.resolve("src/scripts/run.sh"), Map.of(), args);
    }

    private Started start(Path script, Map<String, String> environment, String... args)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("bash", script.toString()));
        command.addAll(List.of(args));
        ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
        builder.environment().clear();
        builder.environment()
                .putAll(Map.of(
                        "PATH", tools + ":" + system(),
                        "HOME", folder.toString(),
                        "LOG", folder.resolve("log").toString(),
                        "LAYERWISE_JVMS", folder.resolve("jvms").toString()));
        builder.environment().putAll(environment);
        Path out = folder.resolve("out");
        Path err = folder.resolve("err");
        Process process =
                builder.redirectOutput(out.toFile()).redirectError(err.toFile()).start();
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        return new Started(process.exitValue(), Files.readString(out), Files.readString(err));
    }

    /** The few real commands that the script may use, without the machine's own java, Maven and apt. */
    private Path system() throws IOException {
        Path folderOfLinks = folder.resolve("system");
        if (Files.exists(folderOfLinks)) {
            return folderOfLinks;
        }
        Files.createDirectories(folderOfLinks);
        for (String name : List.of(
                "bash",
                "cat",
                "cp",
                "dirname",
                "env",
                "find",
                "flock",
                "grep",
                "head",
                "id",
                "locale",
                "mkdir",
                "mktemp",
                "mv",
                "printf",
                "readlink",
                "rm",
                "sed",
                "sha256sum",
                "sort",
                "tail",
                "touch",
                "tr",
                "uname",
                "wc",
                "xargs")) {
            for (String place : List.of("/usr/bin", "/bin")) {
                Path real = Path.of(place, name);
                if (Files.exists(real) && !Files.exists(folderOfLinks.resolve(name))) {
                    Files.createSymbolicLink(folderOfLinks.resolve(name), real);
                }
            }
        }
        return folderOfLinks;
    }

    private List<String> log() throws IOException {
        Path log = folder.resolve("log");
        return Files.exists(log) ? Files.readAllLines(log) : List.of();
    }

    private Path jdk(String name, String version) throws IOException {
        Path home = folder.resolve("jvms").resolve(name);
        Path programs = Files.createDirectories(home.resolve("bin"));
        Files.writeString(home.resolve("release"), "IMPLEMENTOR=\"x\"\nJAVA_VERSION=\"" + version + "\"\n");
        script(
                programs.resolve("java"),
                "for arg in \"$@\"; do case $arg in -XX:ArchiveClassesAtExit=*) [ -n \"$NO_ARCHIVE\" ] || touch \"${arg#*=}\" ;; esac; done; "
                        + "[ -z \"$TELL\" ] || echo \"$TELL ${!TELL}\"; printf '%s|' " + name + " \"$@\"; echo");
        script(programs.resolve("javac"), "exit 0");
        return home;
    }

    private void tool(String name, String body) throws IOException {
        script(tools.resolve(name), body);
    }

    private static void script(Path file, String body) throws IOException {
        Files.write(file, ("#!/bin/bash\n" + body + "\n").getBytes(StandardCharsets.UTF_8));
        assertThat(file.toFile().setExecutable(true)).isTrue();
    }
}
