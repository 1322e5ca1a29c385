// Made from the event catalogue; do not edit.

/** A page, or a screen of an app, was shown. */
export interface PageViewProperties {
  /** Time the page was in use since the last event that said so, in ms */
  engagementMs?: number;
  /** From navigation to the load event, in ms */
  loadTimeMs?: number;
  /** Time to first byte, in ms */
  ttfbMs?: number;
  /** First contentful paint, in ms */
  fcpMs?: number;
  /** Largest contentful paint, in ms */
  lcpMs?: number;
  /** Interaction to next paint, in ms */
  inpMs?: number;
  /** First input delay, in ms; retired in favour of inpMs */
  fidMs?: number;
  /** Cumulative layout shift, a score without unit */
  cls?: number;
  /** How the page was reached */
  navigationType?: "navigate" | "reload" | "back_forward" | "prerender" | "route";
  /** HTTP status of the page */
  statusCode?: number;
  [property: string]: unknown;
}

/** The page was left or hidden for good. */
export interface PageExitProperties {
  /** Time the page was in use since the last event that said so, in ms */
  engagementMs?: number;
  /** From its view to its exit, in ms */
  timeOnPageMs?: number;
  /** Deepest point that was reached, in percent */
  scrollPercent?: number;
  /** What ended it */
  exitType?: "navigate" | "close" | "hidden" | "link";
  [property: string]: unknown;
}

/** The visitor has scrolled past a milestone. */
export interface ScrollProperties {
  /** How far, in percent of the page */
  percent?: number;
  /** The milestone that was passed, in percent */
  milestone?: 10 | 25 | 50 | 75 | 90 | 100;
  /** Which way */
  direction?: "down" | "up";
  [property: string]: unknown;
}

/** How fast the page was for this visitor. */
export interface WebVitalsProperties {
  /** From navigation to the load event, in ms */
  loadTimeMs?: number;
  /** Time to first byte, in ms */
  ttfbMs?: number;
  /** First contentful paint, in ms */
  fcpMs?: number;
  /** Largest contentful paint, in ms */
  lcpMs?: number;
  /** Interaction to next paint, in ms */
  inpMs?: number;
  /** First input delay, in ms; retired in favour of inpMs */
  fidMs?: number;
  /** Cumulative layout shift, a score without unit */
  cls?: number;
  /** Verdict by the usual thresholds */
  rating?: "good" | "needs-improvement" | "poor";
  /** The vital, where one event carries one */
  name?: string;
  /** Its value, in ms or as a score */
  value?: number;
  /** How the page was reached */
  navigationType?: string;
  [property: string]: unknown;
}

/** The page has been in use for a while. */
export interface PageEngagementProperties {
  /** Time the page was in use since the last event that said so, in ms */
  engagementMs?: number;
  /** Deepest point that was reached, in percent */
  scrollPercent?: number;
  [property: string]: unknown;
}

/** A product's page was shown. */
export interface ProductViewProperties {
  /** The shop's id of the product */
  productId?: string;
  /** What people call the product */
  productName?: string;
  /** The product's category, levels parted by / */
  category?: string;
  /** The product's brand */
  brand?: string;
  /** Colour, size or the like */
  variant?: string;
  /** Price of one, in hundredths of the currency */
  priceCents?: number;
  /** ISO 4217 code of the amounts */
  currency?: string;
  /** Place in the list it was shown in, from 0 */
  position?: number;
  /** How the visitor came to the product */
  source?: "direct" | "search" | "category" | "recommendation" | "related";
  /** Time on the page, in ms */
  timeOnPageMs?: number;
  [property: string]: unknown;
}

/** A list of products was shown. */
export interface ProductListViewProperties {
  /** Id of the list */
  listId?: string;
  /** Name of the list */
  listName?: string;
  /** Category that the list shows */
  category?: string;
  /** What was in it */
  products?: Array<{
    /** The shop's id of the product */
    productId?: string;
    /** What people call the product */
    productName?: string;
    /** Place in the list it was shown in, from 0 */
    position?: number;
    [property: string]: unknown;
  }>;
  [property: string]: unknown;
}

/** A product in a list was clicked. */
export interface ProductClickProperties {
  /** The shop's id of the product */
  productId?: string;
  /** What people call the product */
  productName?: string;
  /** The product's category, levels parted by / */
  category?: string;
  /** The product's brand */
  brand?: string;
  /** Colour, size or the like */
  variant?: string;
  /** Price of one, in hundredths of the currency */
  priceCents?: number;
  /** ISO 4217 code of the amounts */
  currency?: string;
  /** Place in the list it was shown in, from 0 */
  position?: number;
  /** Id of the list */
  listId?: string;
  /** How the visitor came to the product */
  source?: "direct" | "search" | "category" | "recommendation" | "related";
  [property: string]: unknown;
}

/** Products were put side by side. */
export interface ProductCompareProperties {
  /** The products' ids */
  productIds?: Array<string>;
  [property: string]: unknown;
}

/** A product was shared. */
export interface ProductShareProperties {
  /** The shop's id of the product */
  productId?: string;
  /** What people call the product */
  productName?: string;
  /** The product's category, levels parted by / */
  category?: string;
  /** The product's brand */
  brand?: string;
  /** Colour, size or the like */
  variant?: string;
  /** Price of one, in hundredths of the currency */
  priceCents?: number;
  /** ISO 4217 code of the amounts */
  currency?: string;
  /** Place in the list it was shown in, from 0 */
  position?: number;
  /** Where it was shared to */
  channel?: string;
  [property: string]: unknown;
}

/** A product was put on a wish list. */
export interface AddToWishlistProperties {
  /** The shop's id of the product */
  productId?: string;
  /** What people call the product */
  productName?: string;
  /** The product's category, levels parted by / */
  category?: string;
  /** The product's brand */
  brand?: string;
  /** Colour, size or the like */
  variant?: string;
  /** Price of one, in hundredths of the currency */
  priceCents?: number;
  /** ISO 4217 code of the amounts */
  currency?: string;
  /** Place in the list it was shown in, from 0 */
  position?: number;
  [property: string]: unknown;
}

/** A product was put into the cart. */
export interface AddToCartProperties {
  /** The shop's id of the product */
  productId?: string;
  /** What people call the product */
  productName?: string;
  /** The product's category, levels parted by / */
  category?: string;
  /** The product's brand */
  brand?: string;
  /** Colour, size or the like */
  variant?: string;
  /** Price of one, in hundredths of the currency */
  priceCents?: number;
  /** ISO 4217 code of the amounts */
  currency?: string;
  /** Place in the list it was shown in, from 0 */
  position?: number;
  /** How many */
  quantity?: number;
  [property: string]: unknown;
}

/** A product was taken out of the cart. */
export interface RemoveFromCartProperties {
  /** The shop's id of the product */
  productId?: string;
  /** What people call the product */
  productName?: string;
  /** The product's category, levels parted by / */
  category?: string;
  /** The product's brand */
  brand?: string;
  /** Colour, size or the like */
  variant?: string;
  /** Price of one, in hundredths of the currency */
  priceCents?: number;
  /** ISO 4217 code of the amounts */
  currency?: string;
  /** Place in the list it was shown in, from 0 */
  position?: number;
  /** How many */
  quantity?: number;
  [property: string]: unknown;
}

/** A link to a seller was clicked. */
export interface AffiliateClickProperties {
  /** The shop's id of the product */
  productId?: string;
  /** Where the link leads */
  linkUrl?: string;
  /** The seller, for example amazon */
  platform?: string;
  /** Price of one, in hundredths of the currency */
  priceCents?: number;
  /** ISO 4217 code of the amounts */
  currency?: string;
  /** Where on the page */
  position?: "hero" | "sidebar" | "inline" | "sticky";
  /** What the button says */
  ctaText?: string;
  [property: string]: unknown;
}

/** A coupon's code was copied. */
export interface CouponCopyProperties {
  /** The coupon's code */
  code?: string;
  /** The shop's id of the product */
  productId?: string;
  /** Where it can be used */
  platform?: string;
  /** What it takes off, in percent */
  discountPercent?: number;
  [property: string]: unknown;
}

/** The cart was shown. */
export interface CartViewProperties {
  /** What the customer pays, in hundredths of the currency */
  totalCents?: number;
  /** ISO 4217 code of the amounts */
  currency?: string;
  /** How many things were bought */
  quantity?: number;
  [property: string]: unknown;
}

/** The visitor went to the checkout. */
export interface CheckoutStartProperties {
  /** The shop's id of the order */
  orderId?: string;
  /** What the customer pays, in hundredths of the currency */
  totalCents?: number;
  /** ISO 4217 code of the amounts */
  currency?: string;
  /** How many things were bought */
  quantity?: number;
  /** Code of the coupon that was used */
  coupon?: string;
  [property: string]: unknown;
}

/** A step of the checkout was done. */
export interface CheckoutStepProperties {
  /** Which step, from 1 */
  step?: number;
  /** What the step is called */
  name?: string;
  /** What was chosen */
  option?: string;
  [property: string]: unknown;
}

/** Something was bought; the event's revenueCents is what counts. */
export interface PurchaseProperties {
  /** The shop's id of the order */
  orderId?: string;
  /** What the customer pays, in hundredths of the currency */
  totalCents?: number;
  /** Taxes in the total */
  taxCents?: number;
  /** Shipping in the total */
  shippingCents?: number;
  /** What was taken off */
  discountCents?: number;
  /** ISO 4217 code of the amounts */
  currency?: string;
  /** Code of the coupon that was used */
  coupon?: string;
  /** How many things were bought */
  quantity?: number;
  /** What was bought */
  products?: Array<{
    /** The shop's id of the product */
    productId?: string;
    /** What people call the product */
    productName?: string;
    /** The product's category, levels parted by / */
    category?: string;
    /** Price of one, in hundredths of the currency */
    priceCents?: number;
    /** How many */
    quantity?: number;
    [property: string]: unknown;
  }>;
  [property: string]: unknown;
}

/** An order was completed; the event's revenueCents is what counts. */
export interface OrderCompletedProperties {
  /** The shop's id of the order */
  orderId?: string;
  /** What the customer pays, in hundredths of the currency */
  totalCents?: number;
  /** Taxes in the total */
  taxCents?: number;
  /** Shipping in the total */
  shippingCents?: number;
  /** What was taken off */
  discountCents?: number;
  /** ISO 4217 code of the amounts */
  currency?: string;
  /** Code of the coupon that was used */
  coupon?: string;
  /** How many things were bought */
  quantity?: number;
  /** What was bought */
  products?: Array<{
    /** The shop's id of the product */
    productId?: string;
    /** What people call the product */
    productName?: string;
    /** The product's category, levels parted by / */
    category?: string;
    /** Price of one, in hundredths of the currency */
    priceCents?: number;
    /** How many */
    quantity?: number;
    [property: string]: unknown;
  }>;
  [property: string]: unknown;
}

/** Money was given back. */
export interface RefundProperties {
  /** The shop's id of the order */
  orderId?: string;
  /** What the customer pays, in hundredths of the currency */
  totalCents?: number;
  /** ISO 4217 code of the amounts */
  currency?: string;
  /** Why */
  reason?: string;
  [property: string]: unknown;
}

/** A goal of the site was reached. */
export interface ConversionProperties {
  /** Which goal */
  goal?: string;
  /** What it is worth, in hundredths of the currency */
  valueCents?: number;
  /** ISO 4217 code of the amounts */
  currency?: string;
  [property: string]: unknown;
}

/** Someone left their details. */
export interface LeadProperties {
  /** The form */
  formId?: string;
  /** What it is worth, in hundredths of the currency */
  valueCents?: number;
  /** ISO 4217 code of the amounts */
  currency?: string;
  [property: string]: unknown;
}

/** Someone subscribed to a newsletter. */
export interface NewsletterSignupProperties {
  /** Which one */
  listId?: string;
  /** Where the form was */
  placement?: string;
  [property: string]: unknown;
}

/** The visitor searched. */
export interface SearchQueryProperties {
  /** What was searched */
  query?: string;
  /** How many results there were */
  results?: number;
  /** Which page of the results, from 1 */
  page?: number;
  /** Where it was searched */
  category?: string;
  /** Order of the results */
  sort?: string;
  [property: string]: unknown;
}

/** A result of a search was clicked. */
export interface SearchResultClickProperties {
  /** What was searched */
  query?: string;
  /** Place among the results, from 0 */
  position?: number;
  /** What was clicked */
  resultId?: string;
  [property: string]: unknown;
}

/** Results or a list were filtered. */
export interface SearchFilterProperties {
  /** Which filter */
  filter?: string;
  /** What was chosen */
  value?: string;
  /** How many results were left */
  results?: number;
  [property: string]: unknown;
}

/** Results or a list were sorted. */
export interface SearchSortProperties {
  /** The order */
  sort?: string;
  [property: string]: unknown;
}

/** A search found nothing. */
export interface SearchNoResultsProperties {
  /** What was searched */
  query?: string;
  [property: string]: unknown;
}

/** Something was clicked. */
export interface ClickProperties {
  /** The element's id */
  elementId?: string;
  /** What it says */
  elementText?: string;
  /** Its class */
  elementClass?: string;
  /** Its tag, for example button */
  elementTag?: string;
  /** Its data-track attribute */
  trackName?: string;
  /** Where on the page */
  position?: string;
  /** Where it leads */
  href?: string;
  /** Whether it leaves the site */
  external?: boolean;
  /** Pixels from the left */
  x?: number;
  /** Pixels from the top */
  y?: number;
  [property: string]: unknown;
}

/** A link was clicked. */
export interface LinkClickProperties {
  /** The element's id */
  elementId?: string;
  /** What it says */
  elementText?: string;
  /** Its class */
  elementClass?: string;
  /** Its tag, for example button */
  elementTag?: string;
  /** Its data-track attribute */
  trackName?: string;
  /** Where on the page */
  position?: string;
  /** Where it leads */
  href?: string;
  /** Whether it leaves the site */
  external?: boolean;
  [property: string]: unknown;
}

/** A button was clicked. */
export interface ButtonClickProperties {
  /** The element's id */
  elementId?: string;
  /** What it says */
  elementText?: string;
  /** Its class */
  elementClass?: string;
  /** Its tag, for example button */
  elementTag?: string;
  /** Its data-track attribute */
  trackName?: string;
  /** Where on the page */
  position?: string;
  [property: string]: unknown;
}

/** A link that leaves the site was clicked. */
export interface OutboundClickProperties {
  /** The element's id */
  elementId?: string;
  /** What it says */
  elementText?: string;
  /** Its class */
  elementClass?: string;
  /** Its tag, for example button */
  elementTag?: string;
  /** Its data-track attribute */
  trackName?: string;
  /** Where on the page */
  position?: string;
  /** Where it leads */
  href?: string;
  /** Whether it leaves the site */
  external?: boolean;
  [property: string]: unknown;
}

/** The first field of a form was touched. */
export interface FormStartProperties {
  /** The form's id */
  formId?: string;
  /** The form's name */
  formName?: string;
  /** Where it is sent */
  action?: string;
  /** How many fields it has */
  fields?: number;
  [property: string]: unknown;
}

/** A form was sent. */
export interface FormSubmitProperties {
  /** The form's id */
  formId?: string;
  /** The form's name */
  formName?: string;
  /** Where it is sent */
  action?: string;
  /** How many fields it has */
  fields?: number;
  /** Whether it was complete */
  valid?: boolean;
  /** From its start, in ms */
  durationMs?: number;
  [property: string]: unknown;
}

/** A form was started and left. */
export interface FormAbandonProperties {
  /** The form's id */
  formId?: string;
  /** The form's name */
  formName?: string;
  /** Where it is sent */
  action?: string;
  /** How many fields it has */
  fields?: number;
  /** The field that was touched last */
  lastField?: string;
  [property: string]: unknown;
}

/** A file was downloaded. */
export interface DownloadProperties {
  /** The file */
  fileName?: string;
  /** Its suffix */
  fileType?: string;
  /** Where it is */
  href?: string;
  [property: string]: unknown;
}

/** Something was shared. */
export interface ShareProperties {
  /** Where to */
  channel?: string;
  /** What was shared */
  contentId?: string;
  /** Its kind */
  contentType?: string;
  [property: string]: unknown;
}

/** Text was copied. */
export interface CopyProperties {
  /** How many characters */
  length?: number;
  [property: string]: unknown;
}

/** A video was started or went on. */
export interface VideoPlayProperties {
  /** The video */
  videoId?: string;
  /** Its title */
  title?: string;
  /** Where in the video */
  positionSeconds?: number;
  /** How long the video is */
  durationSeconds?: number;
  [property: string]: unknown;
}

/** A video has reached a milestone. */
export interface VideoProgressProperties {
  /** The video */
  videoId?: string;
  /** How far */
  percent?: number;
  /** Where in the video */
  positionSeconds?: number;
  [property: string]: unknown;
}

/** A video was seen to its end. */
export interface VideoCompleteProperties {
  /** The video */
  videoId?: string;
  /** How long the video is */
  durationSeconds?: number;
  [property: string]: unknown;
}

/** The visitor has seen a variant; the event's experiment and variant say which. */
export interface ExperimentExposureProperties {
  /** Where it was seen */
  placement?: string;
  [property: string]: unknown;
}

/** The tracker began a session of its own; sessions are decided by the server. */
export interface SessionStartProperties {
  /** Whether the visitor is new to this browser */
  isNew?: boolean;
  [property: string]: unknown;
}

/** The tracker ended a session of its own; sessions are decided by the server. */
export interface SessionEndProperties {
  /** How long it was */
  durationMs?: number;
  /** How many pages it had */
  pageViews?: number;
  [property: string]: unknown;
}

/** The page is still in use. */
export interface HeartbeatProperties {
  /** Time the page was in use since the last event that said so, in ms */
  engagementMs?: number;
  /** Whether it can be seen */
  visible?: boolean;
  /** Deepest point that was reached, in percent */
  scrollPercent?: number;
  [property: string]: unknown;
}

/** A visitor became a known user; the event's userId says who. */
export interface IdentifyProperties {
  /** How they signed in */
  method?: string;
  [property: string]: unknown;
}

/** The visitor changed what they agree to. */
export interface ConsentUpdateProperties {
  /** What the site needs to work */
  necessary?: boolean;
  /** Measuring its use */
  analytics?: boolean;
  /** Advertising */
  marketing?: boolean;
  /** How it was given, for example banner */
  method?: string;
  /** Which text they agreed to */
  policyVersion?: string;
  [property: string]: unknown;
}

/** Something went wrong. */
export interface ErrorProperties {
  /** What it says */
  message?: string;
  /** Its class */
  name?: string;
  /** Where it came from */
  stack?: string;
  /** Whether the page could go on */
  fatal?: boolean;
  /** Its code */
  code?: string;
  [property: string]: unknown;
}

/** A script of the page failed. */
export interface JsErrorProperties {
  /** What it says */
  message?: string;
  /** Its class */
  name?: string;
  /** Where it came from */
  stack?: string;
  /** Whether the page could go on */
  fatal?: boolean;
  /** Which script */
  fileName?: string;
  /** Which line */
  lineNumber?: number;
  /** Which column */
  columnNumber?: number;
  [property: string]: unknown;
}

/** A request of the page, or for it, failed. */
export interface ApiErrorProperties {
  /** HTTP status; 0 when there was no answer */
  status?: number;
  /** HTTP method */
  method?: string;
  /** What was asked */
  endpoint?: string;
  /** How long it took */
  durationMs?: number;
  /** What it says */
  message?: string;
  [property: string]: unknown;
}

/** A page that does not exist was asked for. */
export interface NotFoundProperties {
  /** Which one */
  path?: string;
  [property: string]: unknown;
}

/** A form was refused. */
export interface FormErrorProperties {
  /** The form's id */
  formId?: string;
  /** The form's name */
  formName?: string;
  /** Which field */
  field?: string;
  /** What it says */
  message?: string;
  [property: string]: unknown;
}

/** A part of the page could not be loaded. */
export interface ResourceErrorProperties {
  /** What was loaded */
  resourceUrl?: string;
  /** Its kind, for example img */
  resourceType?: string;
  [property: string]: unknown;
}

/** A subscription began. */
export interface BillingSubscriptionCreatedProperties {
  /** Who bills, for example stripe */
  provider?: string;
  /** The provider's id of what happened */
  providerEventId?: string;
  /** The provider's id of the customer */
  customerId?: string;
  /** The provider's id of the subscription */
  subscriptionId?: string;
  /** Which plan */
  planId?: string;
  /** How often it is paid */
  interval?: "day" | "week" | "month" | "year";
  /** Price of one interval, in hundredths of the currency */
  amountCents?: number;
  /** ISO 4217 code of the amounts */
  currency?: string;
  /** How many seats */
  quantity?: number;
  /** The provider's word for its state */
  status?: string;
  /** Whether it ends by itself */
  cancelAtPeriodEnd?: boolean;
  /** When the trial ends, epoch ms */
  trialEndsAt?: number;
  [property: string]: unknown;
}

/** A subscription changed. */
export interface BillingSubscriptionUpdatedProperties {
  /** Who bills, for example stripe */
  provider?: string;
  /** The provider's id of what happened */
  providerEventId?: string;
  /** The provider's id of the customer */
  customerId?: string;
  /** The provider's id of the subscription */
  subscriptionId?: string;
  /** Which plan */
  planId?: string;
  /** How often it is paid */
  interval?: "day" | "week" | "month" | "year";
  /** Price of one interval, in hundredths of the currency */
  amountCents?: number;
  /** ISO 4217 code of the amounts */
  currency?: string;
  /** How many seats */
  quantity?: number;
  /** The provider's word for its state */
  status?: string;
  /** Whether it ends by itself */
  cancelAtPeriodEnd?: boolean;
  /** When the trial ends, epoch ms */
  trialEndsAt?: number;
  /** The plan before */
  previousPlanId?: string;
  [property: string]: unknown;
}

/** A subscription ended. */
export interface BillingSubscriptionDeletedProperties {
  /** Who bills, for example stripe */
  provider?: string;
  /** The provider's id of what happened */
  providerEventId?: string;
  /** The provider's id of the customer */
  customerId?: string;
  /** The provider's id of the subscription */
  subscriptionId?: string;
  /** Which plan */
  planId?: string;
  /** How often it is paid */
  interval?: "day" | "week" | "month" | "year";
  /** Price of one interval, in hundredths of the currency */
  amountCents?: number;
  /** ISO 4217 code of the amounts */
  currency?: string;
  /** How many seats */
  quantity?: number;
  /** The provider's word for its state */
  status?: string;
  /** Whether it ends by itself */
  cancelAtPeriodEnd?: boolean;
  /** When the trial ends, epoch ms */
  trialEndsAt?: number;
  /** Why */
  reason?: string;
  [property: string]: unknown;
}

/** An invoice was paid; the event's revenueCents is what counts. */
export interface BillingInvoicePaidProperties {
  /** Who bills, for example stripe */
  provider?: string;
  /** The provider's id of what happened */
  providerEventId?: string;
  /** The provider's id of the customer */
  customerId?: string;
  /** The provider's id of the invoice */
  invoiceId?: string;
  /** The provider's id of the subscription */
  subscriptionId?: string;
  /** Amount of the invoice, in hundredths of the currency */
  amountCents?: number;
  /** ISO 4217 code of the amounts */
  currency?: string;
  /** Which attempt this is, from 1 */
  attempt?: number;
  /** Why it was made */
  billingReason?: string;
  [property: string]: unknown;
}

/** An invoice could not be paid. */
export interface BillingInvoiceFailedProperties {
  /** Who bills, for example stripe */
  provider?: string;
  /** The provider's id of what happened */
  providerEventId?: string;
  /** The provider's id of the customer */
  customerId?: string;
  /** The provider's id of the invoice */
  invoiceId?: string;
  /** The provider's id of the subscription */
  subscriptionId?: string;
  /** Amount of the invoice, in hundredths of the currency */
  amountCents?: number;
  /** ISO 4217 code of the amounts */
  currency?: string;
  /** Which attempt this is, from 1 */
  attempt?: number;
  /** Why it was made */
  billingReason?: string;
  /** The provider's word for why */
  failureCode?: string;
  [property: string]: unknown;
}

/** Someone made an account. */
export interface UserSignupProperties {
  /** How, for example google */
  method?: string;
  /** Which plan */
  plan?: string;
  /** As what, for example creator */
  role?: string;
  /** Who invited them */
  invitedBy?: string;
  [property: string]: unknown;
}

/** A user signed in. */
export interface UserLoginProperties {
  /** How */
  method?: string;
  [property: string]: unknown;
}

/** A user signed out. */
export interface UserLogoutProperties {
  [property: string]: unknown;
}

/** A user changed their profile. */
export interface UserUpdateProperties {
  /** What was changed */
  fields?: Array<string>;
  [property: string]: unknown;
}

/** A user proved an address or a number. */
export interface UserVerifyProperties {
  /** What was proved */
  method?: string;
  [property: string]: unknown;
}

/** A user invited someone. */
export interface UserInviteProperties {
  /** How */
  channel?: string;
  [property: string]: unknown;
}

/** A user deleted their account. */
export interface UserDeleteProperties {
  /** Why */
  reason?: string;
  [property: string]: unknown;
}

/** An asset was looked at; the event's entityId says which. */
export interface AssetViewProperties {
  /** Its kind, for example image */
  assetType?: string;
  /** Its title */
  title?: string;
  /** Its category */
  category?: string;
  /** Its file format */
  format?: string;
  /** Its size in bytes */
  bytes?: number;
  /** How they came to it */
  source?: string;
  [property: string]: unknown;
}

/** An asset was uploaded. */
export interface AssetUploadProperties {
  /** Its kind, for example image */
  assetType?: string;
  /** Its title */
  title?: string;
  /** Its category */
  category?: string;
  /** Its file format */
  format?: string;
  /** Its size in bytes */
  bytes?: number;
  [property: string]: unknown;
}

/** An asset was changed. */
export interface AssetUpdateProperties {
  /** Its kind, for example image */
  assetType?: string;
  /** Its title */
  title?: string;
  /** Its category */
  category?: string;
  /** Its file format */
  format?: string;
  /** Its size in bytes */
  bytes?: number;
  /** What was changed */
  fields?: Array<string>;
  [property: string]: unknown;
}

/** An asset was made public. */
export interface AssetPublishProperties {
  /** Its kind, for example image */
  assetType?: string;
  /** Its title */
  title?: string;
  /** Its category */
  category?: string;
  /** Its file format */
  format?: string;
  /** Its size in bytes */
  bytes?: number;
  [property: string]: unknown;
}

/** An asset was downloaded. */
export interface AssetDownloadProperties {
  /** Its kind, for example image */
  assetType?: string;
  /** Its title */
  title?: string;
  /** Its category */
  category?: string;
  /** Its file format */
  format?: string;
  /** Its size in bytes */
  bytes?: number;
  /** By which licence */
  licenseId?: string;
  [property: string]: unknown;
}

/** An asset was played or enlarged. */
export interface AssetPreviewProperties {
  /** Its kind, for example image */
  assetType?: string;
  /** Its title */
  title?: string;
  /** Its category */
  category?: string;
  /** Its file format */
  format?: string;
  /** Its size in bytes */
  bytes?: number;
  /** For how long */
  durationMs?: number;
  [property: string]: unknown;
}

/** An asset was shared. */
export interface AssetShareProperties {
  /** Its kind, for example image */
  assetType?: string;
  /** Its title */
  title?: string;
  /** Its category */
  category?: string;
  /** Its file format */
  format?: string;
  /** Its size in bytes */
  bytes?: number;
  /** Where to */
  channel?: string;
  [property: string]: unknown;
}

/** An asset was deleted. */
export interface AssetDeleteProperties {
  /** Its kind, for example image */
  assetType?: string;
  /** Its title */
  title?: string;
  /** Its category */
  category?: string;
  /** Its file format */
  format?: string;
  /** Its size in bytes */
  bytes?: number;
  [property: string]: unknown;
}

/** A project was made. */
export interface ProjectCreateProperties {
  /** The project */
  projectId?: string;
  /** Its title */
  title?: string;
  /** Its budget, in hundredths of the currency */
  budgetCents?: number;
  /** ISO 4217 code of the amounts */
  currency?: string;
  /** Its state */
  status?: string;
  [property: string]: unknown;
}

/** A project was changed. */
export interface ProjectUpdateProperties {
  /** The project */
  projectId?: string;
  /** Its title */
  title?: string;
  /** Its budget, in hundredths of the currency */
  budgetCents?: number;
  /** ISO 4217 code of the amounts */
  currency?: string;
  /** Its state */
  status?: string;
  /** What was changed */
  fields?: Array<string>;
  [property: string]: unknown;
}

/** A project was looked at. */
export interface ProjectViewProperties {
  /** The project */
  projectId?: string;
  /** Its title */
  title?: string;
  /** Its budget, in hundredths of the currency */
  budgetCents?: number;
  /** ISO 4217 code of the amounts */
  currency?: string;
  /** Its state */
  status?: string;
  [property: string]: unknown;
}

/** Someone asked to take part in a project. */
export interface ProjectApplyProperties {
  /** The project */
  projectId?: string;
  /** Its title */
  title?: string;
  /** Its budget, in hundredths of the currency */
  budgetCents?: number;
  /** ISO 4217 code of the amounts */
  currency?: string;
  /** Its state */
  status?: string;
  [property: string]: unknown;
}

/** Someone was invited to a project. */
export interface ProjectInviteProperties {
  /** The project */
  projectId?: string;
  /** Its title */
  title?: string;
  /** Its budget, in hundredths of the currency */
  budgetCents?: number;
  /** ISO 4217 code of the amounts */
  currency?: string;
  /** Its state */
  status?: string;
  /** As what */
  role?: string;
  [property: string]: unknown;
}

/** A project was completed. */
export interface ProjectCompleteProperties {
  /** The project */
  projectId?: string;
  /** Its title */
  title?: string;
  /** Its budget, in hundredths of the currency */
  budgetCents?: number;
  /** ISO 4217 code of the amounts */
  currency?: string;
  /** Its state */
  status?: string;
  [property: string]: unknown;
}

/** A project was put away. */
export interface ProjectArchiveProperties {
  /** The project */
  projectId?: string;
  /** Its title */
  title?: string;
  /** Its budget, in hundredths of the currency */
  budgetCents?: number;
  /** ISO 4217 code of the amounts */
  currency?: string;
  /** Its state */
  status?: string;
  [property: string]: unknown;
}

/** Someone asked for a licence. */
export interface LicenseRequestProperties {
  /** The licence */
  licenseId?: string;
  /** What is licensed */
  assetId?: string;
  /** For which project */
  projectId?: string;
  /** What kind */
  licenseType?: "exclusive" | "non_exclusive" | "royalty_free" | "rights_managed" | "custom";
  /** Its fee, in hundredths of the currency */
  feeCents?: number;
  /** ISO 4217 code of the amounts */
  currency?: string;
  /** Where it holds */
  territory?: string;
  /** When it begins, epoch ms */
  startsAt?: number;
  /** When it ends, epoch ms */
  endsAt?: number;
  [property: string]: unknown;
}

/** A licence was drawn up. */
export interface LicenseCreateProperties {
  /** The licence */
  licenseId?: string;
  /** What is licensed */
  assetId?: string;
  /** For which project */
  projectId?: string;
  /** What kind */
  licenseType?: "exclusive" | "non_exclusive" | "royalty_free" | "rights_managed" | "custom";
  /** Its fee, in hundredths of the currency */
  feeCents?: number;
  /** ISO 4217 code of the amounts */
  currency?: string;
  /** Where it holds */
  territory?: string;
  /** When it begins, epoch ms */
  startsAt?: number;
  /** When it ends, epoch ms */
  endsAt?: number;
  [property: string]: unknown;
}

/** A licence was signed. */
export interface LicenseSignProperties {
  /** The licence */
  licenseId?: string;
  /** What is licensed */
  assetId?: string;
  /** For which project */
  projectId?: string;
  /** What kind */
  licenseType?: "exclusive" | "non_exclusive" | "royalty_free" | "rights_managed" | "custom";
  /** Its fee, in hundredths of the currency */
  feeCents?: number;
  /** ISO 4217 code of the amounts */
  currency?: string;
  /** Where it holds */
  territory?: string;
  /** When it begins, epoch ms */
  startsAt?: number;
  /** When it ends, epoch ms */
  endsAt?: number;
  /** By whom, for example brand */
  party?: string;
  [property: string]: unknown;
}

/** A licence came into force. */
export interface LicenseActivateProperties {
  /** The licence */
  licenseId?: string;
  /** What is licensed */
  assetId?: string;
  /** For which project */
  projectId?: string;
  /** What kind */
  licenseType?: "exclusive" | "non_exclusive" | "royalty_free" | "rights_managed" | "custom";
  /** Its fee, in hundredths of the currency */
  feeCents?: number;
  /** ISO 4217 code of the amounts */
  currency?: string;
  /** Where it holds */
  territory?: string;
  /** When it begins, epoch ms */
  startsAt?: number;
  /** When it ends, epoch ms */
  endsAt?: number;
  [property: string]: unknown;
}

/** A licence was renewed. */
export interface LicenseRenewProperties {
  /** The licence */
  licenseId?: string;
  /** What is licensed */
  assetId?: string;
  /** For which project */
  projectId?: string;
  /** What kind */
  licenseType?: "exclusive" | "non_exclusive" | "royalty_free" | "rights_managed" | "custom";
  /** Its fee, in hundredths of the currency */
  feeCents?: number;
  /** ISO 4217 code of the amounts */
  currency?: string;
  /** Where it holds */
  territory?: string;
  /** When it begins, epoch ms */
  startsAt?: number;
  /** When it ends, epoch ms */
  endsAt?: number;
  [property: string]: unknown;
}

/** A licence ran out. */
export interface LicenseExpireProperties {
  /** The licence */
  licenseId?: string;
  /** What is licensed */
  assetId?: string;
  /** For which project */
  projectId?: string;
  /** What kind */
  licenseType?: "exclusive" | "non_exclusive" | "royalty_free" | "rights_managed" | "custom";
  /** Its fee, in hundredths of the currency */
  feeCents?: number;
  /** ISO 4217 code of the amounts */
  currency?: string;
  /** Where it holds */
  territory?: string;
  /** When it begins, epoch ms */
  startsAt?: number;
  /** When it ends, epoch ms */
  endsAt?: number;
  [property: string]: unknown;
}

/** A licence was withdrawn. */
export interface LicenseRevokeProperties {
  /** The licence */
  licenseId?: string;
  /** What is licensed */
  assetId?: string;
  /** For which project */
  projectId?: string;
  /** What kind */
  licenseType?: "exclusive" | "non_exclusive" | "royalty_free" | "rights_managed" | "custom";
  /** Its fee, in hundredths of the currency */
  feeCents?: number;
  /** ISO 4217 code of the amounts */
  currency?: string;
  /** Where it holds */
  territory?: string;
  /** When it begins, epoch ms */
  startsAt?: number;
  /** When it ends, epoch ms */
  endsAt?: number;
  /** Why */
  reason?: string;
  [property: string]: unknown;
}

/** Royalties were worked out. */
export interface RoyaltyCalculateProperties {
  /** The royalty */
  royaltyId?: string;
  /** By which licence */
  licenseId?: string;
  /** For what */
  assetId?: string;
  /** Amount, in hundredths of the currency */
  amountCents?: number;
  /** ISO 4217 code of the amounts */
  currency?: string;
  /** Begin of what it is for, epoch ms */
  periodStart?: number;
  /** End of what it is for, epoch ms */
  periodEnd?: number;
  /** The receiver's share, in percent */
  sharePercent?: number;
  [property: string]: unknown;
}

/** A statement of royalties was made. */
export interface RoyaltyStatementProperties {
  /** The royalty */
  royaltyId?: string;
  /** By which licence */
  licenseId?: string;
  /** For what */
  assetId?: string;
  /** Amount, in hundredths of the currency */
  amountCents?: number;
  /** ISO 4217 code of the amounts */
  currency?: string;
  /** Begin of what it is for, epoch ms */
  periodStart?: number;
  /** End of what it is for, epoch ms */
  periodEnd?: number;
  /** The receiver's share, in percent */
  sharePercent?: number;
  /** The statement */
  statementId?: string;
  [property: string]: unknown;
}

/** Royalties were paid. */
export interface RoyaltyPayoutProperties {
  /** The royalty */
  royaltyId?: string;
  /** By which licence */
  licenseId?: string;
  /** For what */
  assetId?: string;
  /** Amount, in hundredths of the currency */
  amountCents?: number;
  /** ISO 4217 code of the amounts */
  currency?: string;
  /** Begin of what it is for, epoch ms */
  periodStart?: number;
  /** End of what it is for, epoch ms */
  periodEnd?: number;
  /** The receiver's share, in percent */
  sharePercent?: number;
  /** The payment */
  payoutId?: string;
  /** How */
  method?: string;
  [property: string]: unknown;
}

/** Royalties could not be paid. */
export interface RoyaltyPayoutFailedProperties {
  /** The royalty */
  royaltyId?: string;
  /** By which licence */
  licenseId?: string;
  /** For what */
  assetId?: string;
  /** Amount, in hundredths of the currency */
  amountCents?: number;
  /** ISO 4217 code of the amounts */
  currency?: string;
  /** Begin of what it is for, epoch ms */
  periodStart?: number;
  /** End of what it is for, epoch ms */
  periodEnd?: number;
  /** The receiver's share, in percent */
  sharePercent?: number;
  /** Why */
  reason?: string;
  [property: string]: unknown;
}

/** A statement was objected to. */
export interface RoyaltyDisputeProperties {
  /** The royalty */
  royaltyId?: string;
  /** By which licence */
  licenseId?: string;
  /** For what */
  assetId?: string;
  /** Amount, in hundredths of the currency */
  amountCents?: number;
  /** ISO 4217 code of the amounts */
  currency?: string;
  /** Begin of what it is for, epoch ms */
  periodStart?: number;
  /** End of what it is for, epoch ms */
  periodEnd?: number;
  /** The receiver's share, in percent */
  sharePercent?: number;
  /** Why */
  reason?: string;
  [property: string]: unknown;
}

/** Something was liked. */
export interface LikeProperties {
  /** What it is about */
  contentId?: string;
  /** Its kind */
  contentType?: string;
  [property: string]: unknown;
}

/** A like was taken back. */
export interface UnlikeProperties {
  /** What it is about */
  contentId?: string;
  /** Its kind */
  contentType?: string;
  [property: string]: unknown;
}

/** Something was commented. */
export interface CommentProperties {
  /** What it is about */
  contentId?: string;
  /** Its kind */
  contentType?: string;
  /** The comment */
  commentId?: string;
  /** How many characters */
  length?: number;
  [property: string]: unknown;
}

/** Someone was followed. */
export interface FollowProperties {
  /** Who */
  followedId?: string;
  [property: string]: unknown;
}

/** Someone is no longer followed. */
export interface UnfollowProperties {
  /** Who */
  followedId?: string;
  [property: string]: unknown;
}

/** Something was rated. */
export interface RateProperties {
  /** What it is about */
  contentId?: string;
  /** Its kind */
  contentType?: string;
  /** How many */
  rating?: number;
  /** Of how many */
  outOf?: number;
  [property: string]: unknown;
}

/** Something was put among the favourites. */
export interface FavoriteProperties {
  /** What it is about */
  contentId?: string;
  /** Its kind */
  contentType?: string;
  [property: string]: unknown;
}

/** A message was sent. */
export interface MessageSendProperties {
  /** To which thread */
  threadId?: string;
  /** How many characters */
  length?: number;
  [property: string]: unknown;
}

/** A notification was opened. */
export interface NotificationOpenProperties {
  /** Which one */
  notificationId?: string;
  /** How it came */
  channel?: string;
  [property: string]: unknown;
}

/** A mail was opened. */
export interface EmailOpenProperties {
  /** Which campaign */
  campaignId?: string;
  [property: string]: unknown;
}

/** A link in a mail was clicked. */
export interface EmailClickProperties {
  /** Which campaign */
  campaignId?: string;
  /** Where it leads */
  href?: string;
  [property: string]: unknown;
}

/** A job began. */
export interface SystemJobStartProperties {
  /** Which one */
  job?: string;
  /** Which run */
  runId?: string;
  [property: string]: unknown;
}

/** A job was done. */
export interface SystemJobCompleteProperties {
  /** Which one */
  job?: string;
  /** Which run */
  runId?: string;
  /** How long it took */
  durationMs?: number;
  /** How much it did */
  rows?: number;
  [property: string]: unknown;
}

/** A job failed. */
export interface SystemJobFailProperties {
  /** Which one */
  job?: string;
  /** Which run */
  runId?: string;
  /** What it says */
  message?: string;
  /** Which attempt, from 1 */
  attempt?: number;
  [property: string]: unknown;
}

/** A version was rolled out. */
export interface SystemDeployProperties {
  /** Which version */
  version?: string;
  /** Where */
  environment?: string;
  [property: string]: unknown;
}

/** Operations were alerted. */
export interface SystemAlertProperties {
  /** What about */
  alert?: string;
  /** How bad */
  severity?: "info" | "warning" | "critical";
  [property: string]: unknown;
}

/** A setting was changed. */
export interface SystemConfigChangeProperties {
  /** Which one */
  setting?: string;
  [property: string]: unknown;
}

/** The properties of each event type. */
export interface EventProperties {
  page_view: PageViewProperties;
  page_exit: PageExitProperties;
  scroll: ScrollProperties;
  web_vitals: WebVitalsProperties;
  page_engagement: PageEngagementProperties;
  product_view: ProductViewProperties;
  product_list_view: ProductListViewProperties;
  product_click: ProductClickProperties;
  product_compare: ProductCompareProperties;
  product_share: ProductShareProperties;
  add_to_wishlist: AddToWishlistProperties;
  add_to_cart: AddToCartProperties;
  remove_from_cart: RemoveFromCartProperties;
  affiliate_click: AffiliateClickProperties;
  coupon_copy: CouponCopyProperties;
  cart_view: CartViewProperties;
  checkout_start: CheckoutStartProperties;
  checkout_step: CheckoutStepProperties;
  purchase: PurchaseProperties;
  order_completed: OrderCompletedProperties;
  refund: RefundProperties;
  conversion: ConversionProperties;
  lead: LeadProperties;
  newsletter_signup: NewsletterSignupProperties;
  search_query: SearchQueryProperties;
  search_result_click: SearchResultClickProperties;
  search_filter: SearchFilterProperties;
  search_sort: SearchSortProperties;
  search_no_results: SearchNoResultsProperties;
  click: ClickProperties;
  link_click: LinkClickProperties;
  button_click: ButtonClickProperties;
  outbound_click: OutboundClickProperties;
  form_start: FormStartProperties;
  form_submit: FormSubmitProperties;
  form_abandon: FormAbandonProperties;
  download: DownloadProperties;
  share: ShareProperties;
  copy: CopyProperties;
  video_play: VideoPlayProperties;
  video_progress: VideoProgressProperties;
  video_complete: VideoCompleteProperties;
  experiment_exposure: ExperimentExposureProperties;
  session_start: SessionStartProperties;
  session_end: SessionEndProperties;
  heartbeat: HeartbeatProperties;
  identify: IdentifyProperties;
  consent_update: ConsentUpdateProperties;
  error: ErrorProperties;
  js_error: JsErrorProperties;
  api_error: ApiErrorProperties;
  not_found: NotFoundProperties;
  form_error: FormErrorProperties;
  resource_error: ResourceErrorProperties;
  billing_subscription_created: BillingSubscriptionCreatedProperties;
  billing_subscription_updated: BillingSubscriptionUpdatedProperties;
  billing_subscription_deleted: BillingSubscriptionDeletedProperties;
  billing_invoice_paid: BillingInvoicePaidProperties;
  billing_invoice_failed: BillingInvoiceFailedProperties;
  user_signup: UserSignupProperties;
  user_login: UserLoginProperties;
  user_logout: UserLogoutProperties;
  user_update: UserUpdateProperties;
  user_verify: UserVerifyProperties;
  user_invite: UserInviteProperties;
  user_delete: UserDeleteProperties;
  asset_view: AssetViewProperties;
  asset_upload: AssetUploadProperties;
  asset_update: AssetUpdateProperties;
  asset_publish: AssetPublishProperties;
  asset_download: AssetDownloadProperties;
  asset_preview: AssetPreviewProperties;
  asset_share: AssetShareProperties;
  asset_delete: AssetDeleteProperties;
  project_create: ProjectCreateProperties;
  project_update: ProjectUpdateProperties;
  project_view: ProjectViewProperties;
  project_apply: ProjectApplyProperties;
  project_invite: ProjectInviteProperties;
  project_complete: ProjectCompleteProperties;
  project_archive: ProjectArchiveProperties;
  license_request: LicenseRequestProperties;
  license_create: LicenseCreateProperties;
  license_sign: LicenseSignProperties;
  license_activate: LicenseActivateProperties;
  license_renew: LicenseRenewProperties;
  license_expire: LicenseExpireProperties;
  license_revoke: LicenseRevokeProperties;
  royalty_calculate: RoyaltyCalculateProperties;
  royalty_statement: RoyaltyStatementProperties;
  royalty_payout: RoyaltyPayoutProperties;
  royalty_payout_failed: RoyaltyPayoutFailedProperties;
  royalty_dispute: RoyaltyDisputeProperties;
  like: LikeProperties;
  unlike: UnlikeProperties;
  comment: CommentProperties;
  follow: FollowProperties;
  unfollow: UnfollowProperties;
  rate: RateProperties;
  favorite: FavoriteProperties;
  message_send: MessageSendProperties;
  notification_open: NotificationOpenProperties;
  email_open: EmailOpenProperties;
  email_click: EmailClickProperties;
  system_job_start: SystemJobStartProperties;
  system_job_complete: SystemJobCompleteProperties;
  system_job_fail: SystemJobFailProperties;
  system_deploy: SystemDeployProperties;
  system_alert: SystemAlertProperties;
  system_config_change: SystemConfigChangeProperties;
}

export type EventType = keyof EventProperties;
