package io.scrimplb.app.it;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.function.Consumer;

/**
 * One cluster on loopback and the files of its members, in a directory of the test: every member finds the others through a
 * seed file.
 */
final class Site {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Rig rig;
    private final Path directory;
    private int members;

    Site(Rig rig, Path directory) {
        this.rig = rig;
        this.directory = directory;
    }

    Path directory() {
        return directory;
    }

    Path seedFile() {
        return directory.resolve("seeds.json");
    }

    static ObjectNode object() {
        return JSON.createObjectNode();
    }

    /** What every member's file says; the admin address has a free port. */
    ObjectNode member(int adminPort) {
        ObjectNode config = object();
        config.put("bind-address", "127.0.0.1");
        config.put("port", 0);
        config.put("admin-address", "127.0.0.1:" + adminPort);
        config.put("provider", "file");
        config.putObject("provider-config").put("path", seedFile().toString());
        return config;
    }

    Path write(String name, ObjectNode config) throws IOException {
        Path file = directory.resolve(name);
        JSON.writeValue(file.toFile(), config);
        return file;
    }

    /** Appears at once and complete, as a careful deployment does it. */
    static void replace(Path file, String text) throws IOException {
        Path fresh = file.resolveSibling(file.getFileName() + ".new");
        Files.writeString(fresh, text);
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /** A load balancer and its admin address. */
    record Balancer(Scrimp process, Admin admin) {}

    /** Starts a load balancer and waits until it is in its cluster. */
    Balancer balancer() throws IOException {
        return balancer(config -> {});
    }

    Balancer balancer(Consumer<ObjectNode> change, String... jvm) throws IOException {
        int adminPort = Ports.any();
        ObjectNode config = member(adminPort);
        change.accept(config);
        Path file = write("lb" + members++ + ".json", config);
        Rig.Launch launch = rig.scrimp("lb", "-c", file.toString());
        if (jvm.length > 0) {
            launch.jvm(jvm);
        }
        Scrimp process = launch.start();
        process.awaitLog("load balancer ready");
        return new Balancer(process, new Admin(adminPort));
    }

    /** Writes a backend's file that offers applications by flags only. */
    Path backendFile() throws IOException {
        return backendFile(config -> {});
    }

    Path backendFile(Consumer<ObjectNode> change) throws IOException {
        ObjectNode config = member(0);
        config.put("admin-address", "off");
        change.accept(config);
        return write("backend" + members++ + ".json", config);
    }

    /** Starts a backend with one application; does not wait for anything. */
    Scrimp backend(String name, int applicationPort, String domain, int listenPort) throws IOException {
        return rig.scrimp(
                        "backend",
                        "-c",
                        backendFile().toString(),
                        "--app",
                        name + "=" + applicationPort + "," + domain + "@" + listenPort)
                .start();
    }
}
