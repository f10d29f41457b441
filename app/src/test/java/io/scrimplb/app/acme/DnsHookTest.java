package io.scrimplb.app.acme;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class DnsHookTest {
    @TempDir
    Path directory;

    @Test
    void isCalledWithWhatToDoTheNameAndTheValue() throws Exception {
        Path said = directory.resolve("said");
        DnsHook hook = new DnsHook(script("echo \"$@\" >>" + said), Duration.ofSeconds(30));

        hook.present("_acme-challenge.example.com", "abc");
        hook.cleanup("_acme-challenge.example.com", "abc");

        assertThat(Files.readString(said))
                .isEqualTo("present _acme-challenge.example.com abc\ncleanup _acme-challenge.example.com abc\n");
    }

    @Test
    void aFailureSaysWhatTheProgramSaidOnOneLine() throws Exception {
        DnsHook hook = new DnsHook(script("echo no such zone; echo really >&2; exit 3"), Duration.ofSeconds(30));

        assertThatThrownBy(() -> hook.present("_acme-challenge.example.com", "abc"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("ended with 3: no such zone really");
        hook.cleanup("_acme-challenge.example.com", "abc");
    }

    @Test
    void oneThatHangsIsEndedInTime() throws Exception {
        DnsHook hook = new DnsHook(script("sleep 300"), Duration.ofMillis(300));

        assertThatThrownBy(() -> hook.present("x", "y"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("did not end within");
    }

    @Test
    void oneThatFloodsIsReadAndNotKept() throws Exception {
        DnsHook hook = new DnsHook(script("head -c 3000000 /dev/zero | tr '\\0' x; exit 1"), Duration.ofSeconds(30));

        assertThatThrownBy(() -> hook.present("x", "y"))
                .isInstanceOf(IOException.class)
                .satisfies(fault -> assertThat(fault.getMessage().length()).isLessThan(1_000));
    }

    @Test
    void oneThatIsNotThereIsNamed() {
        DnsHook hook = new DnsHook(directory.resolve("missing"));

        assertThatThrownBy(() -> hook.present("x", "y"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("missing cannot be run");
    }

    private Path script(String body) throws IOException {
        Path script = directory.resolve("hook");
        Files.writeString(script, "#!/bin/sh\n" + body + "\n");
        Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwx------"));
        return script;
    }
}
