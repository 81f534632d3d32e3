/** Why a command was given, or why supervision stands where it stands, as a Persian sentence. */
import type { WhyTexts } from './why.ts'

export const WHY_FA: WhyTexts = {
  PLAN_BY_SCHEDULE: ({ seconds }) =>
    `تقویم این طرح را می‌خواهد؛ ثانیهٔ ${seconds('localCycleMs')} از ${seconds('cycleMs')}.`,
  EXTENDING_FOR_VEHICLE: ({ phase, seconds, detector, longest, forceOff }) =>
    `فاز ${phase} تمدید شد: خودرویی روی ${detector ? `حلقهٔ ${detector}` : 'حلقه'} است؛ ${seconds('elapsedMs')} ${longest ? `از حداکثر ${longest} ثانیه` : 'ثانیه تاکنون'}${forceOff ? `، پایان اجباری تا ${forceOff} ثانیهٔ دیگر` : ''}.`,
  SERVING_CALL: ({ phase, seconds }) =>
    `فاز ${phase} به تقاضای خود پاسخ می‌دهد: ${seconds('elapsedMs')} از حداقل ${seconds('minMs')} ثانیه.`,
  RESTING: ({ phase, ofPhase }) =>
    ofPhase ? `فاز ${phase} سبز مانده است: هیچ‌کس جایی منتظر نیست.` : 'همه قرمز مانده‌اند: هیچ‌کس جایی منتظر نیست.',
  CHANGING: ({ phase, seconds }) => `فاز ${phase} پایان می‌یابد: ${seconds('elapsedMs')} ثانیه از آغاز تعویض.`,
  COORDINATED_GREEN: ({ phase, seconds, untilYield }) =>
    `فاز ${phase} برای هماهنگی سبز نگه داشته شده است؛ ${untilYield ? `تا ${untilYield} ثانیهٔ دیگر، ` : ''}در ثانیهٔ ${seconds('yieldMs')} چرخه واگذار می‌کند.`,
  CLEARING_PEDESTRIANS: ({ phase, seconds }) =>
    `فاز ${phase} منتظر گذشتن پیاده‌هاست: ${seconds('elapsedMs')} از ${seconds('clearMs')} ثانیهٔ تخلیه.`,
  WAITING_FOR_GAP: ({ phase, seconds, gapLimit, forceOff }) =>
    `فاز ${phase} نگه داشته شده است: فاصلهٔ ${seconds('gapMs')} از ${gapLimit} ثانیه${forceOff ? `، پایان اجباری تا ${forceOff} ثانیهٔ دیگر` : ''}.`,
  LANES_HAVE_GAPPED: ({ phase, seconds }) =>
    `فاز ${phase} پس از ${seconds('elapsedMs')} ثانیه پایان داده شد: همهٔ خط‌هایش فاصلهٔ خود را داشته‌اند.`,
  DETECTOR_ON_RECALL: ({ phase, detector }) =>
    `فاز ${phase} در هر چرخه فراخوانده می‌شود: حلقهٔ ${detector ?? ''} قابل اعتماد نیست.`,
  IMAGE_NOT_FRESH: ({ seconds, number }) =>
    number('ageMs') < 0
      ? 'کنترل‌کننده هنوز خوانده نشده است.'
      : `کنترل‌کننده ${seconds('ageMs')} ثانیه است که خوانده نشده است.`,
  CABINET_NOT_AVAILABLE: ({ keeper }) =>
    `تصمیم با خود تابلوست${keeper ? ` (${keeper})` : ''}؛ چیزی از آن خواسته نمی‌شود.`,
  TIMING_NOT_APPROVED: () => 'زمان‌بندی تابلو، زمان‌بندی تأییدشده نیست.',
  CLOCK_DRIFT: ({ milliseconds }) => `ساعت تابلو ${milliseconds('driftMs')} هزارم ثانیه اختلاف دارد.`,
  LOCAL_CYCLE_FIRST: () => 'کنترل‌کننده نخست یک چرخهٔ خود را کامل می‌کند.',
  LEASE_HELD_BY_ANOTHER: () => 'ناظر دیگری فرمان را در دست دارد.',
  LEASE_LOST: () => 'مهلت فرمان از دست رفت.',
  LEASE_REFUSED: () => 'کنترل‌کننده فرمان را نپذیرفت.',
  EDGE_STALLED: ({ milliseconds }) => `رایانهٔ لبه ${milliseconds('gapMs')} هزارم ثانیه ایستاده بود.`,
  STRATEGY_FAILED: () => 'راهبرد بالاتر کار نکرد؛ گزارش رایانهٔ لبه را ببینید.',
  PROVING: ({ seconds }) => `همه‌چیز خوب است و باید ${seconds('remainingMs')} ثانیهٔ دیگر نیز بماند.`,
  PREEMPT_SERVED: ({ count, preemptState }) =>
    `خیابان در اختیار حق تقدم ویژهٔ ${count('preempt')} است: ${preemptState}.`,
  PRIORITY_SERVED: ({ phase, ofPhase, count }) =>
    ofPhase
      ? `فاز ${phase} برای خودروی دارای اولویت ${count('strategy')} سبز می‌ماند.`
      : `سبزها شاید زودتر پایان یابند: خودروی دارای اولویت ${count('strategy')} منتظر است.`,
  LEADING_WALK: ({ phase, seconds }) =>
    `فاز ${phase}: پیاده‌ها پیش از خودروها می‌گذرند، ${seconds('elapsedMs')} از ${seconds('leadMs')} ثانیه.`,
  PRESSURE_HOLDS: ({ phase, seconds, perMinute }) =>
    `فاز ${phase} پس از ${seconds('elapsedMs')} ثانیه سبز می‌ماند: فشار آن ${perMinute('pressure')} خودرو در دقیقه است و فشار مرحلهٔ بعد ${perMinute('next')}.`,
  PRESSURE_CHANGES: ({ phase, perMinute }) =>
    `نوبت بعد با فاز ${phase} است: فشار آن ${perMinute('pressure')} خودرو در دقیقه است و فشار سبزی که پایان می‌یابد ${perMinute('left')}.`,
  WAITED_LONGEST: ({ phase, seconds }) =>
    `نوبت بعد با فاز ${phase} است: کسی ${seconds('waitedMs')} ثانیه منتظر مانده و بیشترین انتظار ${seconds('mostMs')} ثانیه است.`,
  PLAN_HOLDS: ({ phase, seconds, count }) =>
    `فاز ${phase} پس از ${seconds('elapsedMs')} ثانیه سبز می‌ماند: بهترین ادامه ${count('cost')} خودرو‌ثانیه هزینه دارد و تغییر در این لحظه ${count('other')}.`,
  PLAN_CHANGES: ({ phase, count }) =>
    `نوبت بعد با فاز ${phase} است: تغییر ${count('cost')} خودرو‌ثانیه هزینه دارد و ماندن ${count('other')}.`,
  NOT_ALLOWED_BY_PLAN: ({ count }) => `اکنون نوبت طرح ${count('pattern')} است و این طرح کنترل تطبیقی را مجاز نمی‌داند.`,
  CYCLE_RUNS_OUT: ({ phase, seconds }) =>
    `نوبت بعد با فاز ${phase} است: ${seconds('sinceMs')} ثانیه از آغاز سبز پیشین می‌گذرد و بلندترین چرخهٔ این طرح ${seconds('mostMs')} ثانیه است.`,
  PHASE_NOT_SEEN: ({ phase, count }) =>
    `هیچ شناساگری از فاز ${phase} قابل اعتماد نیست: ${count('unseen')} فاز از ${count('of')} فاز دیده نمی‌شود.`,
  DECIDES_TOO_SLOWLY: ({ rung, count, milliseconds }) =>
    `کنترل «${rung}» دیر تصمیم گرفت: ${count('overruns')} بار در یک دقیقه و تا ${milliseconds('mostMs')} هزارم ثانیه؛ چند دقیقهٔ دیگر دوباره آزموده می‌شود.`,
  OUTDONE_BY_SIMPLER: ({ rung, seconds }) =>
    `کنترل «${rung}» در چنین ترافیکی بهتر بود: ${seconds('simplerMs')} ثانیه برای هر خودرو، در برابر ${seconds('delayMs')} ثانیه در پلهٔ بالاتر.`,
  SIMPLER_IS_MEASURED: ({ rung }) =>
    `کنترل «${rung}» چند دقیقه سنجیده می‌شود: یک هفته است که در چنین ترافیکی به کار نرفته است.`,
  STREET_NOT_SOUND: ({ count }) =>
    `چراغ‌ها کاری کرده‌اند که نباید (آزمون ${count('check')}، کانال ${count('channel')}): تا نیم ساعت از این تقاطع چیزی خواسته نمی‌شود.`,
  EDGE_CRASHED: ({ count, seconds }) =>
    `لبه ${count('crashes')} بار بی‌درخواست پایان یافته است: ${seconds('remainingMs')} ثانیهٔ دیگر دوباره سرپرستی می‌کند.`,
  RELEASED_BY_ORDER: () => 'کسی دستور داده است که تابلو برای مدتی برنامهٔ خود را اجرا کند.',
  HELD_BY_ORDER: ({ rung }) => `کسی دستور داده است که کنترل برای مدتی از «${rung}» بالاتر نرود.`,
  SWING_DAMPED: ({ phase, seconds }) =>
    `فاز ${phase} پس از ${seconds('elapsedMs')} ثانیه سبز می‌ماند: سبزها بی‌سود رفت‌وبرگشت کرده‌اند و اکنون فشار دیگری باید بسیار بیشتر باشد.`,
  JUNCTION_CLEARED: ({ phase, seconds }) =>
    `نوبت بعد با فاز ${phase} است تا تقاطع خالی شود: کسی ${seconds('stuckMs')} ثانیه پشت گردش‌به‌چپ‌ها ایستاده است.`,
  FLASH_BY_SCHEDULE: () => 'تقویم چشمک‌زن می‌خواهد؛ تابلو خود آن را آغاز می‌کند.',
}
