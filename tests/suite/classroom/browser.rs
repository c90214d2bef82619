//! A real browser: Chromium, driven by chromedriver. Needs both; where there is none it says so,
//! and fails where it was promised (`PETROGRAD_BROWSER=1`). `PETROGRAD_SCREENSHOTS=FOLDER` keeps a
//! picture of every page at the size of a phone and of a laptop.

use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use fantoccini::elements::Element;
use fantoccini::key::Key;
use fantoccini::wd::WindowHandle;
use fantoccini::{ClientBuilder, Locator};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};
use tokio::runtime::Runtime;

use super::client::Client;

/// The sizes at which every page is looked at: a phone held upright, and a laptop.
const SIZES: [(u32, u32, bool); 2] = [(360, 740, true), (1366, 768, false)];
/// So long something may take to appear.
const PATIENCE: Duration = Duration::from_secs(10);

const AXE: &str = include_str!("../../browser/axe.min.js");

/// A browser with its tabs.
pub struct Browser {
    runtime: Runtime,
    client: fantoccini::Client,
    driver: Child,
    port: u16,
    session: String,
}

/// What a browser begins with.
#[derive(Clone, Copy, Debug, Default)]
pub struct Wishes {
    /// The size of a phone, with a finger.
    pub phone: bool,
    /// No scripts.
    pub no_scripts: bool,
}

impl Browser {
    /// A browser, where there is one.
    pub fn begin(wishes: Wishes) -> Option<Browser> {
        let begun = Browser::try_begin(wishes);
        let promised = std::env::var_os("PETROGRAD_BROWSER").is_some_and(|value| value == "1");
        match begun {
            Ok(browser) => Some(browser),
            Err(error) => {
                assert!(!promised, "a browser was promised and does not start: {error}");
                eprintln!("no Chromium with chromedriver here ({error}): pages were not tested in a browser");
                None
            }
        }
    }

    fn try_begin(wishes: Wishes) -> Result<Browser, String> {
        let mut driver = Command::new("chromedriver");
        let mut driver = driver
            .arg("--port=0")
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .map_err(|error| error.to_string())?;
        let mut lines = BufReader::new(driver.stdout.take().ok_or("no output")?).lines();
        let port = lines.by_ref().map_while(Result::ok).find_map(|line| {
            let (_, port) = line.split_once("successfully on port ")?;
            port.trim_end_matches('.').parse::<u16>().ok()
        });
        let port = port.ok_or("chromedriver names no port")?;
        std::thread::spawn(move || lines.for_each(drop));
        let mut arguments = vec![
            "--headless=new",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-dev-shm-usage",
            "--hide-scrollbars",
            "--window-size=1366,768",
            "--lang=en",
        ];
        if wishes.phone {
            arguments.push("--touch-events=enabled");
        }
        let mut options = json!({ "args": arguments });
        if wishes.phone {
            options["mobileEmulation"] =
                json!({ "deviceMetrics": { "width": 360, "height": 740, "pixelRatio": 2.0, "touch": true } });
        }
        // A certificate that a test has made is nobody's.
        let capabilities = json!({ "browserName": "chrome", "acceptInsecureCerts": true, "goog:chromeOptions": options, "goog:loggingPrefs": { "browser": "ALL" } });
        let capabilities = capabilities.as_object().cloned().unwrap_or_default();
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .map_err(|error| error.to_string())?;
        let address = format!("http://127.0.0.1:{port}");
        let client = runtime.block_on(async {
            let mut builder = ClientBuilder::new(HttpConnector::new());
            builder.capabilities(capabilities).connect(&address).await
        });
        let client = match client {
            Ok(client) => client,
            Err(error) => {
                let _ = driver.kill();
                let _ = driver.wait();
                return Err(error.to_string());
            }
        };
        let session = runtime.block_on(client.session_id()).ok().flatten().unwrap_or_default();
        let browser = Browser { runtime, client, driver, port, session };
        if wishes.no_scripts {
            browser.devtools("Emulation.setScriptExecutionDisabled", &json!({ "value": true }));
        }
        Ok(browser)
    }

    /// Opens a page in this tab.
    pub fn open(&self, url: &str) {
        self.runtime.block_on(self.client.goto(url)).unwrap_or_else(|error| panic!("{url}: {error}"));
    }

    /// A new tab, which is looked at from now on.
    pub fn tab(&self) -> WindowHandle {
        let opened = self.runtime.block_on(self.client.new_window(true)).expect("a tab");
        self.look(&opened.handle);
        opened.handle
    }

    /// The tab that is looked at.
    pub fn here(&self) -> WindowHandle {
        self.runtime.block_on(self.client.window()).expect("a tab")
    }

    /// Looks at a tab.
    pub fn look(&self, tab: &WindowHandle) {
        self.runtime.block_on(self.client.switch_to_window(tab.clone())).expect("the tab is there");
    }

    pub fn url(&self) -> String {
        self.runtime.block_on(self.client.current_url()).expect("a page").to_string()
    }

    pub fn html(&self) -> String {
        self.runtime.block_on(self.client.source()).expect("a page")
    }

    /// Waits for what a selector finds.
    pub fn find(&self, selector: &str) -> Element {
        let found = self
            .runtime
            .block_on(async { self.client.wait().at_most(PATIENCE).for_element(Locator::Css(selector)).await });
        found.unwrap_or_else(|error| panic!("{selector} at {}: {error}\n{}", self.url(), self.html()))
    }

    /// Whether there is such a thing now.
    pub fn has(&self, selector: &str) -> bool {
        !self.runtime.block_on(self.client.find_all(Locator::Css(selector))).expect("a page").is_empty()
    }

    /// Presses the first thing that a selector finds.
    pub fn press(&self, selector: &str) {
        let begun = Instant::now();
        loop {
            let element = self.find(selector);
            match self.runtime.block_on(element.click()) {
                Ok(()) => return,
                // The page was drawn anew under the finger.
                Err(_) if begun.elapsed() < PATIENCE => std::thread::sleep(Duration::from_millis(50)),
                Err(error) => panic!("{selector}: {error}"),
            }
        }
    }

    /// Presses it as a finger does, and asks no script of the page whether that led anywhere.
    pub fn tap(&self, selector: &str) {
        let document = self.devtools("DOM.getDocument", &json!({}));
        let root = document["root"]["nodeId"].clone();
        let node = self.devtools("DOM.querySelector", &json!({ "nodeId": root, "selector": selector }));
        let node = json!({ "nodeId": node["nodeId"] });
        self.devtools("DOM.scrollIntoViewIfNeeded", &node);
        let shape = self.devtools("DOM.getBoxModel", &node);
        let corner = |place: usize| shape["model"]["content"][place].as_f64().unwrap_or_default();
        let (x, y) = ((corner(0) + corner(4)) / 2.0, (corner(1) + corner(5)) / 2.0);
        assert!(x > 0.0, "{selector} is not to be seen: {shape} {document}");
        for kind in ["mousePressed", "mouseReleased"] {
            let event = json!({ "type": kind, "x": x, "y": y, "button": "left", "clickCount": 1 });
            self.devtools("Input.dispatchMouseEvent", &event);
        }
        std::thread::sleep(Duration::from_millis(500));
    }

    /// What the console's buttons were drawn for: another after each that was pressed, whatever
    /// students do meanwhile.
    pub fn steered(&self) -> Value {
        self.script("return document.querySelector('[name=expect]')?.value")
    }

    /// Types into a field.
    pub fn write(&self, selector: &str, text: &str) {
        self.runtime
            .block_on(self.find(selector).send_keys(text))
            .unwrap_or_else(|error| panic!("{selector}: {error}"));
    }

    /// Presses a key wherever the focus is.
    pub fn key(&self, key: Key) {
        let press = || {
            self.runtime.block_on(async {
                let active = self.client.active_element().await?;
                active.send_keys(&key.to_string()).await
            })
        };
        let begun = Instant::now();
        while let Err(error) = press() {
            // The page was drawn anew under the finger.
            assert!(begun.elapsed() < PATIENCE, "{error}");
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    /// The text of the first thing that a selector finds.
    pub fn text(&self, selector: &str) -> String {
        let begun = Instant::now();
        loop {
            match self.runtime.block_on(self.find(selector).text()) {
                Ok(text) => return text,
                Err(_) if begun.elapsed() < PATIENCE => {}
                Err(error) => panic!("{selector}: {error}"),
            }
        }
    }

    /// The text of what has this id, seen or not.
    pub fn text_of(&self, id: &str) -> String {
        self.script(&format!("return document.getElementById('{id}')?.textContent || ''"))
            .as_str()
            .unwrap_or_default()
            .to_owned()
    }

    /// Waits until something is so.
    pub fn until(&self, what: &str, is: impl Fn(&Browser) -> bool) {
        let begun = Instant::now();
        while !is(self) {
            assert!(begun.elapsed() < PATIENCE, "never {what} at {}\n{}", self.url(), self.html());
            std::thread::sleep(Duration::from_millis(40));
        }
    }

    /// Runs a script of the test's own.
    pub fn script(&self, script: &str) -> Value {
        self.runtime.block_on(self.client.execute(script, vec![])).unwrap_or_else(|error| panic!("{script}: {error}"))
    }

    /// What WebDriver does not know but Chromium does.
    pub fn command(&self, path: &str, body: &Value) -> Value {
        let mut driver = Client::new(([127, 0, 0, 1], self.port).into());
        let path = format!("/session/{}{path}", self.session);
        let answer = driver.ask("POST", &path, Some(&body.to_string())).expect("chromedriver answers");
        let value: Value = serde_json::from_str(&answer.body).unwrap_or_default();
        value["value"].clone()
    }

    /// A command of the DevTools.
    pub fn devtools(&self, command: &str, parameters: &Value) -> Value {
        self.command("/goog/cdp/execute", &json!({ "cmd": command, "params": parameters }))
    }

    /// What the browser complains of: scripts that failed, and what the page's own policy forbade.
    pub fn complaints(&self) -> Vec<String> {
        let log = self.command("/se/log", &json!({ "type": "browser" }));
        let lines = log.as_array().cloned().unwrap_or_default();
        let text = |line: &Value| line["message"].as_str().unwrap_or_default().to_owned();
        let grave = |line: &&Value| {
            let said = text(line);
            let network = said.contains("Failed to load resource") || said.contains("net::ERR");
            (line["level"] == "SEVERE" && !network)
                || said.contains("Content Security Policy")
                || said.contains("Content-Security-Policy")
        };
        lines.iter().filter(grave).map(text).collect()
    }

    /// Looks at this page in each size: nothing sticks out, and nothing stands in the way of
    /// anybody; keeps pictures where they are asked for.
    pub fn inspect(&self, name: &str) {
        for (width, height, phone) in SIZES {
            self.devtools(
                "Emulation.setDeviceMetricsOverride",
                &json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": phone }),
            );
            let wide =
                self.script("return document.documentElement.scrollWidth - document.documentElement.clientWidth");
            assert!(wide.as_i64().is_some_and(|wide| wide <= 0), "{name} at {width}: {wide} pixels stick out");
            if let Some(folder) = std::env::var_os("PETROGRAD_SCREENSHOTS") {
                std::fs::create_dir_all(&folder).expect("a folder for pictures");
                let tall = self.script("return document.documentElement.scrollHeight").as_u64().unwrap_or(0) as u32;
                let tall = tall.clamp(height, 2_400);
                self.devtools(
                    "Emulation.setDeviceMetricsOverride",
                    &json!({ "width": width, "height": tall, "deviceScaleFactor": 1, "mobile": phone }),
                );
                let picture = self.runtime.block_on(self.client.screenshot()).expect("a picture");
                let file = PathBuf::from(folder).join(format!("{name}-{width}.png"));
                std::fs::write(file, picture).expect("the folder is there");
            }
        }
        self.devtools(
            "Emulation.setDeviceMetricsOverride",
            &json!({ "width": 320, "height": 640, "deviceScaleFactor": 1, "mobile": true }),
        );
        let wide = self.script("return document.documentElement.scrollWidth - document.documentElement.clientWidth");
        assert!(wide.as_i64().is_some_and(|wide| wide <= 0), "{name} at 320: {wide} pixels stick out");
        self.devtools("Emulation.clearDeviceMetricsOverride", &json!({}));
        self.axe(name);
        let complaints = self.complaints();
        assert!(complaints.is_empty(), "{name}: {complaints:?}");
    }

    /// At this size nothing has to be scrolled for.
    pub fn fits(&self, name: &str, (width, height): (u32, u32)) {
        let size = json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": false });
        self.devtools("Emulation.setDeviceMetricsOverride", &size);
        self.script("window.dispatchEvent(new Event('resize'))");
        let tall = self.script("return document.documentElement.scrollHeight").as_u64().unwrap_or(u64::MAX);
        self.devtools("Emulation.clearDeviceMetricsOverride", &json!({}));
        assert!(tall <= u64::from(height), "{name} is {tall} pixels tall at {width}×{height}");
    }

    /// What is read from the back row has a contrast of 7:1.
    pub fn is_high_in_contrast(&self, name: &str) {
        let run = "const done = arguments[arguments.length - 1]; axe.run({ runOnly: ['color-contrast-enhanced'], rules: { 'color-contrast-enhanced': { enabled: true } } }).then((found) => done(found.violations.flatMap((one) => one.nodes.map((node) => node.html + ' ' + node.failureSummary))), (error) => done(['' + error]));";
        self.script(AXE);
        let found = self.runtime.block_on(self.client.execute_async(run, vec![])).expect("axe runs");
        assert!(found.as_array().is_some_and(Vec::is_empty), "{name}: {found:#?}");
    }

    /// Whether there is such a page where this is printed on A4.
    pub fn prints(&self, page: usize) -> bool {
        let paper = json!({ "paperWidth": 8.27, "paperHeight": 11.69, "preferCSSPageSize": true, "pageRanges": page.to_string() });
        self.devtools("Page.printToPDF", &paper)["data"].is_string()
    }

    fn axe(&self, name: &str) {
        let run = "const done = arguments[arguments.length - 1]; axe.run({ resultTypes: ['violations'] }).then((found) => done(found.violations.filter((one) => ['serious', 'critical'].includes(one.impact)).map((one) => one.id + ': ' + one.nodes.map((node) => node.html + ' ' + node.failureSummary).join('; '))), (error) => done(['' + error]));";
        self.script(AXE);
        let found = self.runtime.block_on(self.client.execute_async(run, vec![])).expect("axe runs");
        let found = found.as_array().cloned().unwrap_or_default();
        assert!(found.is_empty(), "{name}: axe finds {found:#?}");
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        let _ = self.runtime.block_on(self.client.clone().close());
        let _ = self.driver.kill();
        let _ = self.driver.wait();
    }
}
