package io.scrimplb.seed.s3;

import io.scrimplb.seed.Environment;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Credentials from {@code ~/.aws/credentials} and {@code ~/.aws/config}, or the files that
 * {@code AWS_SHARED_CREDENTIALS_FILE} and {@code AWS_CONFIG_FILE} name. The profile is {@code AWS_PROFILE}, else
 * {@code default}. Profiles that lead on to another service (a role to assume, single sign-on, a command) are refused
 * with one line.
 */
final class ProfileCredentials implements CredentialsSource {
    private static final String ACCESS = "aws_access_key_id";
    private static final String SECRET = "aws_secret_access_key";
    private static final String TOKEN = "aws_session_token";
    private static final long MAX_FILE_BYTES = 1 << 20;

    private final Environment environment;

    ProfileCredentials(Environment environment) {
        this.environment = environment;
    }

    @Override
    public Optional<AwsCredentials> find() throws CredentialsException {
        Optional<String> asked = environment.get("AWS_PROFILE");
        String profile = asked.orElse("default");
        Map<String, String> values = new HashMap<>();
        values.putAll(section(file("AWS_CONFIG_FILE", "config"), profile, true));
        values.putAll(section(file("AWS_SHARED_CREDENTIALS_FILE", "credentials"), profile, false));
        String access = values.getOrDefault(ACCESS, "");
        String secret = values.getOrDefault(SECRET, "");
        String from = "profile " + profile;
        if (!access.isEmpty() && !secret.isEmpty()) {
            return Optional.of(AwsCredentials.lasting(access, secret, Optional.ofNullable(values.get(TOKEN)), from));
        }
        for (String key : values.keySet()) {
            if (key.equals("role_arn") || key.equals("credential_process") || key.startsWith("sso_")) {
                throw new CredentialsException(
                        from + " uses " + key + ", which is not supported: use keys or the instance's role");
            }
        }
        if (asked.isPresent()) {
            throw new CredentialsException("AWS_PROFILE names " + profile + ", and no such profile has keys in "
                    + file("AWS_SHARED_CREDENTIALS_FILE", "credentials"));
        }
        return Optional.empty();
    }

    private Path file(String variable, String name) {
        String home = environment.get("HOME").orElseGet(() -> System.getProperty("user.home", "."));
        return environment.get(variable).map(Path::of).orElseGet(() -> Path.of(home, ".aws", name));
    }

    /** The profile's own lines; the config file heads all but the default with {@code [profile NAME]}. */
    private static Map<String, String> section(Path file, String profile, boolean configFile)
            throws CredentialsException {
        String heading = configFile && !profile.equals("default") ? "profile " + profile : profile;
        Map<String, String> values = new HashMap<>();
        boolean inside = false;
        for (String line : read(file).lines().toList()) {
            String text = line.strip();
            if (text.startsWith("#") || text.startsWith(";") || text.isEmpty()) {
                continue;
            }
            if (text.startsWith("[")) {
                int end = text.indexOf(']');
                inside = end > 0
                        && text.substring(1, end)
                                .strip()
                                .replaceAll("\\s+", " ")
                                .equals(heading);
                continue;
            }
            int equals = text.indexOf('=');
            if (inside && equals > 0) {
                values.put(
                        text.substring(0, equals).strip().toLowerCase(java.util.Locale.ROOT),
                        text.substring(equals + 1).strip());
            }
        }
        return values;
    }

    private static String read(Path file) throws CredentialsException {
        try {
            if (!Files.exists(file)) {
                return "";
            }
            if (Files.size(file) > MAX_FILE_BYTES) {
                throw new CredentialsException(file + " is larger than " + MAX_FILE_BYTES + " bytes");
            }
            return Files.readString(file, StandardCharsets.UTF_8);
        } catch (NoSuchFileException e) {
            return "";
        } catch (IOException e) {
            throw new CredentialsException(
                    file + " cannot be read: " + e.getClass().getSimpleName(), e);
        }
    }
}
