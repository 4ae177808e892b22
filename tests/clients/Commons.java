// Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT
// Commons Net: Commons MODE PORT CA FILE SENDER RECIPIENT...

import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.commons.net.PrintCommandListener;
import org.apache.commons.net.smtp.AuthenticatingSMTPClient;
import org.apache.commons.net.util.TrustManagerUtils;

public class Commons {
	static void check(boolean done) {
		if (!done)
			System.exit(1);
	}

	public static void main(String[] args) throws Exception {
		String mode = args[0];
		AuthenticatingSMTPClient client = new AuthenticatingSMTPClient(
		    "TLS", mode.equals("tls"), "UTF-8");
		client.setTrustManager(TrustManagerUtils.getAcceptAllTrustManager());
		client.addProtocolCommandListener(
		    new PrintCommandListener(System.out));
		client.connect("127.0.0.1", Integer.parseInt(args[1]));
		check(client.elogin("client.example.org"));
		if (mode.equals("starttls") || mode.equals("auth")) {
			check(client.execTLS());
			check(client.elogin("client.example.org"));
		}
		if (mode.equals("auth"))
			check(client.auth(AuthenticatingSMTPClient.AUTH_METHOD.PLAIN,
			    "joe", "secret"));
		check(client.setSender(args[4]));
		for (int i = 5; i < args.length; i++)
			client.addRecipient(args[i]);
		Writer writer = client.sendMessageData();
		check(writer != null);
		writer.write(new String(Files.readAllBytes(Path.of(args[3])),
		    StandardCharsets.UTF_8));
		writer.close();
		check(client.completePendingCommand());
		client.logout();
	}
}
